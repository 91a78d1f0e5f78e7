"""The version, read by the build and shown by --version; and where the project lives."""

__version__ = "0.1.0"

#: The repository; pyproject.toml and action.yml say the same.
HOMEPAGE = "https://github.com/nemo-run-lint/nemo-run-lint"

#: The catalogue, with a heading for each rule.
RULES_URL = f"{HOMEPAGE}/blob/v{__version__}/rules.md"
