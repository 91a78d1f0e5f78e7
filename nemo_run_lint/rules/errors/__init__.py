"""NRL5: failures that must reach the scheduler."""
