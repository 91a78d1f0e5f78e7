"""NRL8: would the target accept this call?"""
