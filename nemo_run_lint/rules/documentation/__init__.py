"""NRL1: what a factory, an entrypoint, a task says about itself."""
