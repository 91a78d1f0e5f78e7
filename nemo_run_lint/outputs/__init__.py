"""How findings are written down: one module a format, each with a `render` as `format.py` describes it."""
