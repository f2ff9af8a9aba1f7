"""The house is in order: what stands at the top, what a wheel carries, what an import loads, what documents promise."""

import ast
import importlib.metadata
import importlib.util
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from readout import __version__
from readout.cli import app
from readout.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
TOP = [
    ".ci/run", ".editorconfig", ".gitignore", ".pre-commit-config.yaml", ".streamlit/config.toml", "CHANGELOG.md",
    "LICENSE", "Makefile", "README.md", "app.py", "constraints.txt", "pages/_shell.py", "pyproject.toml",
    "readout/__init__.py",
]  # fmt: skip
PAGES = sorted((ROOT / "pages").glob("*.py"))
PAGE_IMPORTS = {"streamlit", "readout.charts", "readout.ui", "readout.words"}
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LONGEST_PAGE = 60  # lines: a page that needs more decides something


def shipped_files() -> set[str]:
    """Return where the files outside the package must stand in a wheel."""
    places = {
        "queries": "readout/_queries",
        "data": "readout/_data",
        "pages": "readout/_app/pages",
        ".streamlit/config.toml": "readout/_app/.streamlit/config.toml",
        "app.py": "readout/_app/app.py",
    }
    known = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *places],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found = {path for path in known.stdout.splitlines() if (ROOT / path).is_file()}
    assert found, "git knows no file to ship"
    return {
        target + path.removeprefix(source)
        for path in found
        for source, target in places.items()
        if path == source or path.startswith(f"{source}/")
    }


@pytest.fixture(scope="module")
def wheel_files(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Return the names of the files in a wheel built from this tree."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("readout-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def canonical(name: str) -> str:
    """Return a distribution's name as packages compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def requirement_name(requirement: str) -> str:
    """Return the distribution that a requirement names."""
    return canonical(re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0])


def make_targets() -> set[str]:
    """Return the targets that the Makefile explains."""
    return set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))


def commands() -> dict[str, set[str]]:
    """Return the commands of `readout` and of its groups ("gates lint"), each with its options."""
    found: dict[str, set[str]] = {}
    groups: list[tuple[str, Any]] = [("", get_command(app))]
    while groups:
        parent, group = groups.pop()
        for name in group.list_commands(None):
            command = group.get_command(None, name)
            found[f"{parent}{name}"] = {option for parameter in command.params for option in parameter.opts}
            if hasattr(command, "commands"):
                groups.append((f"{parent}{name} ", command))
    return found


@pytest.mark.parametrize("path", TOP)
def test_a_part_of_the_house_stands_where_it_belongs(path: str) -> None:
    assert (ROOT / path).is_file()


def test_the_wheel_is_whole(wheel_files: set[str]) -> None:
    wanted = shipped_files() | {
        path.relative_to(ROOT).as_posix() for path in (ROOT / "readout").rglob("*") if path.suffix == ".py"
    }
    assert wanted - wheel_files == set()
    assert any(re.fullmatch(r"readout/_queries/read/\w+\.sql", name) for name in wheel_files)
    assert any(re.fullmatch(r"readout/_data/contract\.\w+", name) for name in wheel_files)
    assert "readout/_app/app.py" in wheel_files


def test_the_wheel_carries_nothing_else(wheel_files: set[str]) -> None:
    outside = {name for name in wheel_files if not name.startswith(("readout/", f"readout-{__version__}.dist-info/"))}
    assert outside == set()
    assert not [name for name in wheel_files if re.search(r"secrets|\.duckdb|\.sqlite|__pycache__|(^|/)tests/", name)]


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("readout.briefs", ["streamlit", "plotly"]),
        ("readout.cli", ["streamlit", "plotly"]),
        ("readout.warehouse", ["streamlit", "plotly"]),
        ("readout.periods", ["pandas", "numpy", "sqlalchemy", "duckdb"]),
        ("readout.metrics", ["pandas", "numpy", "sqlalchemy", "duckdb"]),
        ("readout.gates", ["pandas", "numpy", "sqlalchemy", "duckdb"]),
    ],
)
def test_an_import_loads_nothing_from_above(module: str, absent: list[str]) -> None:
    # the linter reads the static graph; this sees what a fresh process really holds
    code = f"import sys, {module}; print(*sorted(set({absent}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "", "")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_shadows_no_module(page: Path) -> None:
    # Streamlit puts the folder of pages/_shell.py first on sys.path
    assert page.stem not in sys.stdlib_module_names
    assert page.stem == "_shell" or importlib.util.find_spec(page.stem) is None


@pytest.mark.parametrize("page", [page for page in PAGES if page.stem != "_shell"], ids=lambda page: page.name)
def test_a_page_only_chooses_loads_and_shows(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    imported = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            imported |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            parent = node.module or ""
            imported |= {f"readout.{name.name}" for name in node.names} if parent == "readout" else {parent}
    assert imported <= PAGE_IMPORTS
    assert len(text.splitlines()) <= LONGEST_PAGE
    assert ast.get_docstring(ast.parse(text))


def test_every_requirement_is_locked() -> None:
    locked = {canonical(line.split("==")[0]) for line in (ROOT / "constraints.txt").read_text().splitlines()}
    wanted = {
        requirement_name(line) for line in [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]
    }
    assert wanted - locked == set()
    assert "readout" not in locked


def test_every_import_of_the_package_is_a_declared_requirement() -> None:
    declared = {requirement_name(line) for line in PROJECT["project"]["dependencies"]}
    installed = importlib.metadata.packages_distributions()
    imported = set()
    for path in [ROOT / "app.py", *PAGES, *(ROOT / "readout").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {name.name.partition(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                imported.add(node.module.partition(".")[0])
    foreign = imported - sys.stdlib_module_names - {"readout"}
    assert {name for name in foreign if not declared & {canonical(dist) for dist in installed.get(name, [])}} == set()


def test_one_version() -> None:
    assert PROJECT["project"]["version"] == __version__


def test_decisions_are_numbered_and_whole() -> None:
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    for path in DECISIONS:
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {int(path.name[:4])}. ")
        assert re.findall(r"^## (\w+)", text, re.MULTILINE) == ["Context", "Decision", "Consequence"], path.name


def test_the_readme_begins_with_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make run" in readme
    assert "make test" in readme


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_a_document_names_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL))
    settings = {f"READOUT_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"READOUT_[A-Z_]+[A-Z]", text)) - settings == set()
    assert set(re.findall(r"\bmake ([a-z][a-z-]*)", code)) - make_targets() == set()
    known = commands()
    for command, rest in re.findall(r"(?:^|[\s`/])readout ([a-z]+)\b([^`\n|#]*)", code):
        assert command in known, f"readout {command}"
        below = f"{command} {rest.split()[0]}" if rest.split() else ""
        command = below if below in known else command  # noqa: PLW2901 - of a group's command, the options are its own
        options = set(re.findall(r"(?<!\S)--[a-z-]+", rest))
        assert options - known[command] - {"--help"} == set(), f"readout {command}"
