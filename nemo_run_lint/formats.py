"""The names of the formats in which findings are written: settings know them, and import no format."""

from __future__ import annotations

#: Each is a module of `outputs` with a `render`.
FORMATS = (
    "full",
    "concise",
    "grouped",
    "json",
    "jsonl",
    "junit",
    "azure",
    "rdjson",
    "checkstyle",
    "markdown",
    "sarif",
    "github",
    "gitlab",
)
