"""The answers of Articles 15 and 20: what goes into a person's folder."""
