"""A review of experiments by the team's checklist: what is asked, what answers it, and how that is told.

Everything is read, nothing is run: what no text can tell is left to a person, and said to be.
"""
