"""python -m nemo_run_lint."""

from nemo_run_lint.cli import main

main()
