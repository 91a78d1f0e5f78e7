"""Where a name comes from that a module of the project only hands on.

`from pathlib import Path` in `tools.py` makes `tools.Path` another name for `pathlib.Path`. Only plain imports of the
project's own modules are followed: what an installed package hands on is known by the name it has there.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from nemo_run_lint.signatures.index import Index
from nemo_run_lint.signatures.names import absolute
from nemo_run_lint.signatures.signature import Reason, Unknown
from nemo_run_lint.signatures.symbols import Module, Symbol

#: A name that is handed on more often is left as it is.
_LONGEST_WAY = 8


class Origins:
    """The origins of the names that one file imports."""

    def __init__(self, index: Index, path: str) -> None:
        """`path` is that of the file."""
        self._index = index
        self._own_name = index.environment.module_name(Path(path))
        self._is_package = Path(path).stem == "__init__"
        self._known: dict[str, str] = {}
        self._of_project: dict[str, bool] = {}

    def of(self, path: str) -> str:
        """The import path that `path`, as the file writes it, leads to; itself where nobody hands it on."""
        if path not in self._known:
            self._known[path] = self._worked_out(path)
        return self._known[path]

    def among(self, stars: Sequence[str], name: str) -> str | None:
        """Where a name comes from that one of several star imports brings, given in their order."""
        for star in reversed(stars):
            source = self._absolute(star)
            module = self._module(source) if source is not None else None
            if module is None or module.summary.stars or module.summary.makes_names:
                return None  # it may bring anything
            names, exports = module.summary.names, module.summary.exports
            if name in names and (name in exports if exports is not None else not name.startswith("_")):
                return self.of(f"{source}.{name}")
        return None

    def symbol(self, path: str) -> Symbol:
        """What `path`, as the file writes it, stands for."""
        source = self._absolute(path)
        return self._index.symbol(source) if source is not None else Unknown(Reason.NOT_INSTALLED, path)

    def _worked_out(self, path: str) -> str:
        origin, source = path, self._absolute(path)
        for _ in range(_LONGEST_WAY):
            source = self._handed_on(source) if source is not None else None
            if source is None:
                return origin
            origin = source
        return path

    def _absolute(self, path: str) -> str | None:
        return absolute(self._own_name, self._is_package, path) if path.startswith(".") else path

    def _handed_on(self, path: str) -> str | None:
        """What the project's module that a path leads through imports under this name."""
        parts = path.split(".")
        for count in range(len(parts) - 1, 0, -1):
            module = self._module(".".join(parts[:count]))
            if module is None:
                continue
            bindings = module.summary.names.get(parts[count], ())
            if len(bindings) != 1 or bindings[0].kind != "import" or bindings[0].guards or module.summary.makes_names:
                return None
            source = self._index.absolute(module, bindings[0].source)
            origin = f"{source}.{bindings[0].attribute}" if bindings[0].attribute else source
            return ".".join([origin, *parts[count + 1 :]]) if origin and source else None
        return None

    def _module(self, name: str) -> Module | None:
        """The project's own module of that name."""
        top = name.partition(".")[0]
        if top not in self._of_project:
            self._of_project[top] = self._is_of_project(top)
        found = self._index.module(name) if self._of_project[top] else None
        return found if isinstance(found, Module) and found.path else None

    def _is_of_project(self, top: str) -> bool:
        if top in sys.stdlib_module_names:
            return False
        environment = self._index.environment
        found = environment.find(top)
        if found is None or found.kind not in ("source", "namespace"):
            return False
        elsewhere = tuple(str(each) for each in (*environment.site, *environment.stdlib))
        return not any(place.startswith(elsewhere) for place in (found.path, *found.directories) if place)
