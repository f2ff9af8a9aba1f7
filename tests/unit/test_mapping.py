"""Mappings: what the language takes, and every fault with its line before a file is opened."""

import re
from pathlib import Path

import pytest

from readout.warehouse.errors import InputError
from readout.warehouse.loading.expressions import ExpressionError, analyse
from readout.warehouse.loading.mapping import read_mapping, resolve_mapping, shipped_mappings

MANUAL = Path(__file__).parents[2] / "docs" / "loading.md"
SOUND = """\
set:
  system_id: {default: s, help: the system}
  day: {help: first day}
derive:
  twice: once * 2
  once: CAST(n AS INTEGER)
targets:
  - table: tasks
    group_by: [id]
    order_by: moment
    key: [task_id]
    columns:
      system_id: $system_id
      task_id: id
      created_at: {min: moment}
      status: {value: open}
      arm: "'human'"
      human_seconds: {sum: twice}
      latency_ms: 5
      is_test: false
      outcome: null
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "m.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder: Path, text: str, **given: str) -> list[str]:
    path = write(folder, text)
    with pytest.raises(InputError) as caught:
        read_mapping(path, "tasks", {"day": "2026-01-01", **given})
    return [line.removeprefix(str(path)) for line in str(caught.value).splitlines()]


def test_a_sound_mapping_is_read(tmp_path):
    mapping = read_mapping(write(tmp_path, SOUND), "tasks", {"day": "2026-01-01"})
    [part] = mapping.parts
    [target] = part.targets
    assert mapping.constants == {"system_id": "s", "day": "2026-01-01"}
    assert [[derived.name for derived in step] for step in part.derived] == [["once"], ["twice"]]
    assert target.key == ("task_id",)
    assert {cell.column.name: (cell.fold, cell.sql) for cell in target.cells} == {
        "system_id": ("", "$system_id"), "task_id": ("", "id"), "created_at": ("min", "moment"),
        "status": ("", "'open'"), "arm": ("", "'human'"), "human_seconds": ("sum", "twice"),
        "latency_ms": ("", "5"), "is_test": ("", "FALSE"), "outcome": ("", "NULL"),
    }  # fmt: skip
    assert target.cells[0].place.endswith("m.yaml:13")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("targets:", "target:", ["unknown key `target` (did you mean `targets`?)"]),
        ("table: tasks", "table: task", [":8: `task` is no table of the contract (closest: tasks)"]),
        ("      outcome: null", "      outcom: null", [":21: `outcom` is no column of tasks (closest: outcome)"]),
        ("task_id: id", "task_id: id +", [":14: `task_id`: syntax error"]),
        ("task_id: id", "task_id: max(id)", [":14: `task_id`: max() adds rows up; use group_by"]),
        ("task_id: id", "task_id: (SELECT 1)", [":14: `task_id`: a subquery is not allowed"]),
        ("task_id: id", "task_id: lag(id) OVER ()", [":14: OVER (…) is allowed under `derive` only"]),
        ("task_id: id", "task_id: $ident", [":14: $ident is not declared under `set`"]),
        ("task_id: id", "task_id: {lowest: id}", [":14: give an expression, `value: TEXT`, or one of first, last"]),
        ("task_id: id", "task_id: {sum: id}", [":14: `sum` does not fit task_id, which is a text"]),
        ("    group_by: [id]\n", "", [":14: `min` needs `group_by`", ":17: `sum` needs `group_by`"]),
        ("      status: {value: open}\n", "", [":12: tasks needs status"]),
        ("key: [task_id]", "key: [source_ref]", [":11: the key of tasks is system_id, task_id"]),
        ("once: CAST", "once: twice + CAST", [":5: derived columns that need each other: twice, once"]),
        ("  once:", "  order:", [":6: `order` cannot name a column"]),
        ("set:", "rows:\n  - {each: results}\nset:", [":2: each `results` is no path"]),
        ("set:", "rows:\n  - {each: $.a}\n  - {each: $.b}\nset:", [":2: only the last level may do without `as`"]),
        ("set:", "variants:\n  - when: list\n    targets: []\nset:", [":2: `variants[0].when"]),
        ("task_id: id", "task_id: id\n      task_id: id", [":15: `task_id` is given twice"]),
    ],
)
def test_each_fault_is_named_with_its_line(tmp_path, old, new, said):
    assert old in SOUND
    found = faults(tmp_path, SOUND.replace(old, new, 1))
    for words in said:
        assert any(words in line for line in found), found


def test_all_faults_are_told_at_once(tmp_path):
    found = faults(tmp_path, SOUND.replace("task_id: id", "task_id: $x").replace("outcome: null", "outcom: null"))
    assert len(found) == 2


def test_targets_and_variants_exclude_each_other(tmp_path):
    assert "give either `targets` or `variants`" in faults(tmp_path, "title: x\n")[0]


def test_an_unknown_constant_is_answered_with_the_allowed_ones(tmp_path):
    [line] = faults(tmp_path, SOUND, sistem="x")
    assert line == "--set sistem: mapping m has no such constant; allowed: system_id, day"


def test_a_constant_without_default_must_be_given(tmp_path):
    with pytest.raises(InputError, match=r"mapping m needs --set day=VALUE \(first day\)"):
        read_mapping(write(tmp_path, SOUND), "tasks", {})


def test_a_mapping_must_make_the_table_that_is_loaded(tmp_path):
    with pytest.raises(InputError, match="has no target for table costs; it makes tasks"):
        read_mapping(write(tmp_path, SOUND), "costs", {"day": "2026-01-01"})


def test_shipped_mappings_are_found_by_name_and_all_are_sound():
    assert {"azure-llm-code", "token-prices", "uci-servicenow-incidents"} <= set(shipped_mappings())
    for name in shipped_mappings():
        assert resolve_mapping(name).stem == name
        table = {
            "token-prices": "prices", "openllmetry-api-calls": "model_calls", "llm-vendor-incidents": "incidents",
        }.get(name, "tasks")  # fmt: skip
        needed: dict[str, str | None] = {}
        if name == "token-prices":
            needed["valid_from"] = "2026-01-01"
        elif name == "mooncake-conversation":
            needed["base_instant"] = "2026-01-01T00:00:00Z"
        assert read_mapping(name, table, needed).name == name


EXAMPLES = re.findall(r"```yaml\n(.*?)```", MANUAL.read_text(encoding="utf-8"), re.DOTALL)


def test_the_manual_has_examples():
    assert len(EXAMPLES) == 3


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_of_the_manual_is_sound(tmp_path, example):
    assert read_mapping(write(tmp_path, example), "tasks", {}).parts


def test_the_manual_names_every_shipped_mapping():
    manual = MANUAL.read_text(encoding="utf-8")
    assert all(f"`{name}`" in manual for name in shipped_mappings())


def test_a_name_that_is_no_mapping_is_answered_with_the_closest():
    with pytest.raises(InputError, match=r"--mapping azure: is neither a file nor a mapping .*azure-llm-code"):
        resolve_mapping("azure")


@pytest.mark.parametrize(
    "sql",
    [
        "1, 2; DROP TABLE base",
        "1) FROM base --",
        "*",
        "base.id",
        "count(*)",
        "read_csv('x')->1, (SELECT 1)",
        "1 WHERE TRUE",
    ],
)
def test_only_scalar_expressions_pass(sql):
    with pytest.raises(ExpressionError):
        analyse(sql)


def test_columns_and_constants_of_an_expression_are_found():
    found = analyse("list_transform(string_split(a, ','), lambda part: part || $suffix || \"B c\")")
    assert found.columns == {"a", "B c"}
    assert found.constants == {"suffix"}
    assert not found.window
