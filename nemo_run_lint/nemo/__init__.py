"""What NeMo Run code means: the things that a rule may ask for. Facts stand here, opinions in `rules/`."""
