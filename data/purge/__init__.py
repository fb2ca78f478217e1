"""The store written anew, so that no byte of what was erased or corrected is left in its file."""
