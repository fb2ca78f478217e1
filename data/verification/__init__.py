"""Whether anything is left of a person: in every value of a store, and in every byte of its files.

What is deleted from a DuckDB file stays in it, in blocks that are free, until the store is
purged. So both are looked at: the tables as any program reads them, and the files as whoever
gets hold of them would.
"""
