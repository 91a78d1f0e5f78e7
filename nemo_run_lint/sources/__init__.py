"""From a path to Python text: which files there are, and what stands in them. Nothing here knows NeMo Run's rules."""
