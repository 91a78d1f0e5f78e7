"""NRL6: experiments, executors, launching."""
