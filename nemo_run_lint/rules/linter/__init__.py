"""NRL0: the linter itself, what it could not read or do."""
