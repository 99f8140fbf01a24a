"""Which test files ask for a browser: `bin/test` reads only those for the browser journeys. Standard library only."""

import re
from pathlib import Path

FIXTURES = {"browser", "context", "page", "signed_in_page"}
_ASKS = re.compile(rf"^def \w+\([^)]*\b(?:{'|'.join(sorted(FIXTURES))})\b\s*[:,)]", re.MULTILINE)


def asks(file: Path) -> bool:
    """Whether a test or fixture of the file takes one of FIXTURES; maybe also where it only has the name."""
    return _ASKS.search(file.read_text(encoding="utf-8")) is not None


def under(root: Path, *folders: str) -> list[str]:
    """Return the test files below the folders of `root` that ask, as paths from there."""
    files = sorted(path for folder in folders for path in (root / folder).rglob("test_*.py"))
    return [str(path.relative_to(root)) for path in files if asks(path)]
