"""python -m nemo_run_lint.

Python looks for modules in the working directory first. It may hold what is about to be linted, so that it is taken
out before anything is imported; what Python itself imports before that, only `python -I -m` keeps from there.
"""

import os
import sys

try:
    here = os.getcwd()
except OSError:  # it is gone
    here = ""
if sys.path[:1] in ([""], [here]):
    del sys.path[0]

from nemo_run_lint.cli import main

main()
