"""Compare what was built with the tree: every file that the packages hold has to be there.

Called as `check_shipped.py FOLDER [SUFFIX...]`. FOLDER holds the packages as they were
installed or frozen. Files that end in one of the suffixes are not asked for: a frozen
application keeps its modules elsewhere. A line in .gitignore or a forgotten list of data files
is what usually loses one.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("core", "desktop", "resources")


def main(folder: Path, elsewhere: tuple[str, ...]) -> int:
    """Return 1 when *folder* lacks a file of the tree that does not end as *elsewhere*."""
    wanted = [
        path.relative_to(ROOT)
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix not in elsewhere
    ]
    lost = [path for path in wanted if not (folder / path).is_file()]
    for path in lost:
        print(f"not shipped: {path}")
    kinds = sorted({path.suffix for path in wanted})
    print(f"{len(wanted) - len(lost)} of {len(wanted)} files shipped ({' '.join(kinds)})")
    return 1 if lost or not wanted else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), tuple(sys.argv[2:])))
