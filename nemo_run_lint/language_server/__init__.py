"""The same linter as an editor sees it: a server of the Language Server Protocol over standard input and output."""
