"""NRL2: types that NeMo Run and its command line read at run time."""
