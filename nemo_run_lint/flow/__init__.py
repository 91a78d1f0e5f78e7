"""What configurations hold, followed through factories, helpers, branches and imports without executing any of it."""
