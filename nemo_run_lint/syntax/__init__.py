"""LibCST made quick: the walk, names, values, positions. Nothing here knows NeMo Run."""
