"""The documentation says what the product does: generated parts are in step, links lead somewhere, examples run."""

import importlib.util
import json
import re
import shlex
from pathlib import Path
from urllib.parse import unquote

import pytest
import typer
from typer.testing import CliRunner

from readout.cli import app, main
from readout.metrics import METRICS
from readout.settings import Settings
from readout.warehouse.contract import contract
from readout.warehouse.journal import METADATA

ROOT = Path(__file__).parents[2]
DOCS = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")  # a picture is not a link


def script():
    spec = importlib.util.spec_from_file_location("docs_generate", ROOT / "docs" / "generate.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def text(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def anchors(path: Path) -> set[str]:
    heads = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def test_the_generated_parts_are_in_step():
    assert not script().outdated(), "run: .venv/bin/python docs/generate.py"


def test_the_check_notices_a_part_that_is_out_of_step():
    module = script()
    part = "<!-- generated: settings -->\nold\n<!-- end -->"
    assert module.renewed(part) != part
    assert module.renewed(module.renewed(part)) == module.renewed(part)
    with pytest.raises(KeyError):
        module.renewed("<!-- generated: nothing -->\n<!-- end -->")


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path):
    for link in LINK.findall(path.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", link):
            continue
        file, _, anchor = unquote(link).partition("#")
        target = (path.parent / file).resolve() if file else path
        assert target.exists(), f"{path.name}: {link}"
        assert not anchor or anchor in anchors(target), f"{path.name}: {link}"


def test_every_setting_is_documented():
    for name in Settings.model_fields:
        assert f"`READOUT_{name.upper()}`" in text("settings.md")


def test_every_variable_that_the_documentation_names_exists():
    known = {f"READOUT_{name.upper()}" for name in Settings.model_fields}
    for path in DOCS:
        assert set(re.findall(r"READOUT_[A-Z][A-Z_]*[A-Z]", path.read_text(encoding="utf-8"))) <= known, path.name


def test_every_command_and_option_is_documented():
    said = text("commands.md")
    for name, command in script()._flat(typer.main.get_command(app)):
        section = said.split(f"### readout {name}\n")[1].split("\n### ")[0].split("\n## ")[0]
        for option in command.params:
            shown = option.opts if option.param_type_name == "option" else [option.name.upper()]
            assert all(f"`{one}" in section for one in shown), (name, option.name)


def test_every_metric_and_every_table_is_documented():
    assert all(f"`{name}`" in text("metrics.md") for name in METRICS)
    for table in contract().values():
        section = text("contract.md").split(f"### {table.name}\n")[1].split("\n### ")[0]
        assert all(f"`{name}`" in section for name in table.names)
    assert all(f"`{table.name}`" in text("contract.md") for table in METADATA.tables.values())


def test_the_newcomers_commands_work_and_a_row_has_the_documented_fields(tmp_path, monkeypatch):
    block = (ROOT / "README.md").read_text(encoding="utf-8").split("## Connect your warehouse\n\n```sh\n")[1]
    lines = [shlex.split(line, comments=True) for line in block.split("```")[0].splitlines()]
    assert [line[1] for line in lines[1:]] == ["init", "load", "refresh", "serve"]
    monkeypatch.chdir(ROOT)
    environment = {"READOUT_WAREHOUSE_URL": f"duckdb:///{tmp_path / 'mine.duckdb'}"}
    for line in lines[1:-1]:
        done = CliRunner().invoke(app, line[1:], env=environment)
        assert done.exit_code == 0, done.output
    done = CliRunner().invoke(app, ["metrics", "--by", "total", "--json"], env=environment)
    rows = json.loads(done.stdout)
    assert [row["system"] for row in rows] == ["azure-llm-code", None]
    documented = re.findall(r"^\| `(\w+)` \|", text("commands.md").split("metric_fields -->")[1], re.MULTILINE)
    for row in rows:
        assert [name for name in documented if name in row] == [name for name in row if name in documented]
        assert set(row) <= set(documented)
        assert set(documented) - set(row) <= {"latency_per"}


@pytest.mark.parametrize("command", ["init", "refresh"])
def test_every_field_of_the_answer_is_documented(command, tmp_path):
    environment = {"READOUT_WAREHOUSE_URL": f"duckdb:///{tmp_path / 'w.duckdb'}"}
    CliRunner().invoke(app, ["init"], env=environment)
    answer = json.loads(CliRunner().invoke(app, [command, "--json"], env=environment).stdout)
    paragraph = text("commands.md").split(f"**`readout {command} --json`**")[1].split("\n\n")[0]
    assert all(f"`{name}`" in paragraph for name in answer)


@pytest.mark.parametrize(
    ("code", "command", "variables"),
    [
        (0, ["--version"], {}),
        (2, ["demo", "--end", "yesterday"], {}),
        (2, ["metrics", "--by", "fortnight"], {}),
        (2, ["metrics"], {"READOUT_THREADS": "many"}),
        (2, ["refresh"], {"READOUT_PORTFOLIO": "faulty"}),
        (3, ["refresh"], {}),
        (3, ["metrics"], {}),
    ],
)
def test_the_documented_exit_codes_hold(code, command, variables, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("READOUT_WAREHOUSE_URL", f"duckdb:///{tmp_path / 'w.duckdb'}")
    (tmp_path / "faulty").mkdir()
    (tmp_path / "faulty" / "organisation.yaml").write_text("time_zone: Mars/Olympus\n")
    monkeypatch.chdir(tmp_path)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.argv", ["readout", *command])
    with pytest.raises(SystemExit) as ended:
        main()
    assert (ended.value.code or 0) == code
    said = capsys.readouterr()
    assert said.err if code else said.out
    assert f"\n| {code} |" in text("commands.md")
