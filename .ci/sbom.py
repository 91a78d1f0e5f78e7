"""What a release brings with it, as a CycloneDX bill of materials: `python .ci/sbom.py ENVIRONMENT FILE`.

ENVIRONMENT holds the wheel and what it requires, and nothing else. The version is that of the wheel, since
pyproject.toml has none. What comes out is checked by the schema of CycloneDX, and is the same each time.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from importlib.metadata import distributions
from pathlib import Path

ROOT = Path(__file__).parents[1]
NAME = "nemo-run-lint"
SPECIFICATION = "1.6"
DYNAMIC = 'dynamic = ["version"]'


def main(environment: str, output: str) -> None:
    """Write the file; ends with a sentence if the environment does not hold the wheel."""
    version = _version(Path(environment))
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert text.count(DYNAMIC) == 1
    with tempfile.TemporaryDirectory() as directory:
        described = Path(directory, "pyproject.toml")
        described.write_text(text.replace(DYNAMIC, f'version = "{version}"'), encoding="utf-8")
        Path(output).parent.mkdir(parents=True, exist_ok=True)
        command = [str(Path(sys.executable).with_name("cyclonedx-py")), "environment", "--pyproject", str(described)]
        how = ["--mc-type", "application", "--output-reproducible", "--spec-version", SPECIFICATION, "--validate"]
        python = next(Path(environment).glob("[bS]*/python*"))
        subprocess.run([*command, *how, "--output-format", "JSON", "--output-file", output, str(python)], check=True)


def _version(environment: Path) -> str:
    sites = [str(path) for path in environment.glob("[lL]ib*/**/site-packages")]
    found = {each.version for each in distributions(name=NAME, path=sites)}
    if len(found) != 1:
        sys.exit(f"{environment} has no {NAME}: make it with `make dist`")
    return found.pop()


if __name__ == "__main__":
    main(*sys.argv[1:])
