"""Asks whether what a release requires has known vulnerabilities: `python .ci/audit.py ENVIRONMENT`.

The answer is in a database on the network (OSV). Status 0: nothing is known; 1: something is, and is listed; 2: the
database could not be asked, so that nothing is known of anything, which must not look like either.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any


def main(environment: str) -> int:
    """Audit what is installed there; the status."""
    sites = [str(path) for path in Path(environment).glob("[lL]ib*/**/site-packages")]
    if not sites:
        print(f"{environment} is no environment: make it with `make dist`", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as directory:
        answer = Path(directory, "answer.json")
        asked = [str(Path(sys.executable).with_name("pip-audit")), "--vulnerability-service", "osv"]
        how = ["--progress-spinner", "off", "--format", "json", "--output", str(answer)]
        where = [word for site in sites for word in ("--path", site)]
        process = subprocess.run([*asked, *how, *where], capture_output=True, text=True)
        if not answer.exists():
            reason = process.stderr.strip().splitlines()[-1:] or ["it does not say why"]
            print(f"audit: nothing was audited, the database of vulnerabilities cannot be asked: {reason[0]}")
            return 2
        told: list[dict[str, Any]] = json.loads(answer.read_text(encoding="utf-8"))["dependencies"]
    vulnerable = [(each, known) for each in told for known in each.get("vulns", ())]
    for each, known in vulnerable:
        fixed = ", ".join(known["fix_versions"]) or "nowhere yet"
        print(f"{each['name']} {each['version']}: {known['id']}, fixed in {fixed}")
    skipped = [each["name"] for each in told if "skip_reason" in each]
    print(f"audit: {len(told) - len(skipped)} packages, {len(vulnerable)} known vulnerabilities", end="")
    print(f"; not audited: {', '.join(skipped)}" if skipped else "")
    return 1 if vulnerable else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
