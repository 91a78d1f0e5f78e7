"""NRL3: names of tasks and experiments."""
