"""Pages of documentation made from experiments, which are read and never run."""
