"""NRL7: what exists in which NeMo Run."""
