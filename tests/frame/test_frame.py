"""What holds the project together but is no code: the lock, the Makefile, the shape of the tree."""

import itertools
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PYPROJECT = ROOT / "pyproject.toml"
TOP_LEVEL = {
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "SECURITY.md",
    "core",
    "desktop",
    "docs",
    "packaging",
    "pyproject.toml",
    "resources",
    "tests",
}


def wanted(*, extra: str | None = None) -> list[Requirement]:
    project = tomllib.loads(PYPROJECT.read_text())["project"]
    lines = project["optional-dependencies"][extra] if extra else project["dependencies"]
    return [Requirement(line) for line in lines]


def pinned(lock: str) -> dict[str, str]:
    """Return the version that *lock* pins for each package."""
    text = (ROOT / "packaging" / lock).read_text()
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, re.MULTILINE))


def tracked() -> list[Path]:
    """Return every file that git holds, or would take with the next `git add`."""
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("only git can tell which files belong to the project")
    git = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(git, capture_output=True, text=True, check=True)
    paths = (ROOT / name for name in listing.stdout.split("\0") if name)
    return [path for path in paths if path.is_file()]


def test_packaging_does_not_hide_the_package_of_that_name() -> None:
    assert not list((ROOT / "packaging").rglob("__init__.py"))


def test_every_dependency_has_a_reason() -> None:
    lines = PYPROJECT.read_text().splitlines()
    names = {str(each) for each in [*wanted(), *wanted(extra="dev")]}
    without = [
        line
        for before, line in itertools.pairwise(lines)
        if line.strip(' ",') in names and not before.strip().startswith("# ")
    ]

    assert without == []


@pytest.mark.parametrize(
    ("lock", "extra"),
    [("requirements.txt", None), ("requirements-dev.txt", None), ("requirements-dev.txt", "dev")],
)
def test_a_lock_pins_what_the_project_asks_for(lock: str, extra: str | None) -> None:
    versions = pinned(lock)

    for each in wanted(extra=extra):
        assert each.specifier.contains(versions[canonicalize_name(each.name)]), each


def test_the_two_locks_agree() -> None:
    assert pinned("requirements.txt").items() <= pinned("requirements-dev.txt").items()


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_holds_on_every_machine(lock: str) -> None:
    text = (ROOT / "packaging" / lock).read_text()
    blocks = re.findall(r"^[a-z0-9-]+==.*(?:\n    .*)*", text, re.MULTILINE)

    assert len(blocks) == len(pinned(lock))
    assert [block for block in blocks if "--hash=sha256:" not in block] == []
    assert not re.search(r"://|@ |^-|/(home|root|tmp|opt)/", text, re.MULTILINE)


def test_the_top_level_holds_only_what_a_reader_expects() -> None:
    names = {path.relative_to(ROOT).parts[0] for path in tracked()}

    assert {name for name in names - TOP_LEVEL if not name.startswith(".")} == set()


def test_help_names_every_command() -> None:
    makefile = (ROOT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony
    told = subprocess.run(
        ["make", "-C", str(ROOT), "--no-print-directory", "help"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert re.findall(r"^  make ([\w-]+) +\S", told.stdout, re.MULTILINE) == phony[1].split()


def test_nothing_that_is_shipped_needs_docstrings() -> None:
    # `make run` and the bundle go without: a text that is shown stands in a constant.
    shipped = [path for path in tracked() if path.suffix == ".py"]
    shipped = [path for path in shipped if path.relative_to(ROOT).parts[0] in {"core", "desktop"}]

    assert [path for path in shipped if "__doc__" in path.read_text("utf-8")] == []


def test_no_file_names_the_host_of_a_registry() -> None:
    # Put together here, so that this file does not hold them either.
    hosts = [
        ".".join(parts).encode()
        for parts in (
            ("pypi", "org"),
            ("files", "pythonhosted", "org"),
            ("registry", "npmjs", "org"),
            ("deb", "debian", "org"),
        )
    ]
    naming = [path for path in tracked() if any(host in path.read_bytes() for host in hosts)]

    assert naming == []


def test_git_ignores_no_package() -> None:
    for package in ("core", "desktop", "resources"):
        lines = (ROOT / ".gitignore").read_text().splitlines()

        assert {package, f"{package}/", f"/{package}", f"/{package}/"}.isdisjoint(lines)
