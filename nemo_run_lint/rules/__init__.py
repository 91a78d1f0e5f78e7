"""The rules: one file, one rule; one folder, one family. They are found by looking, never listed."""
