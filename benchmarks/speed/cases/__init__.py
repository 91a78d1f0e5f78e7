"""The cases, one module each: `measure(setting)` yields the rows of the table."""
