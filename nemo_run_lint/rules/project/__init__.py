"""NRL9: files and folders, structure, team workflow."""
