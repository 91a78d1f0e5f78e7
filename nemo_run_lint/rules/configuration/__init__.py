"""NRL4: what can be saved, and what is lost."""
