"""What functions and classes accept, read from their source without importing them. Nothing here knows NeMo Run."""
