"""Running instances go on with another program: which can, what would have to be adjusted, moved in bulk, undone."""
