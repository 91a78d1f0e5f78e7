"""What the linter costs, in ratios: `bench.py` runs the cases of `cases/`, one after the other."""
