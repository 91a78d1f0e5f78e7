"""Work that goes to other processes: one piece at a time each, so that one that dies or hangs costs only its piece.

They know nothing of linting. Where a process may be forked, it has all that was imported before, and starts in
milliseconds; elsewhere it is a new Python, which takes as long as the command itself to start.
"""
