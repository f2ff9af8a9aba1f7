"""The registry: what a portfolio folder may say, and how every fault is reported with its file and line."""

from datetime import date
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from readout.cli import app
from readout.marked_yaml import read_document
from readout.portfolio import Line, Portfolio, PortfolioError, json_schemas, read_portfolio
from readout.resources import shipped

SYSTEM = "id: routing\nname: Routing\nunit_of_work: {one: ticket, many: tickets}\n"
GATE = """gate: routing/up
system: routing
from_stage: partial
to_stage: full
owner: ops@example.com
approver: coo@example.com
metrics:
  - {name: accuracy, statistic: share, pass: "> 0.85"}
"""


def write(folder: Path, **files: str | bytes) -> Path:
    """Write `systems__a="..."` as systems/a.yaml."""
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def faults_of(folder: Path) -> list[str]:
    with pytest.raises(PortfolioError) as caught:
        read_portfolio(folder)
    lines = str(caught.value).splitlines()
    assert len(lines) == len(caught.value.faults)
    return [line.removeprefix(f"{folder.as_posix()}/") for line in lines]


def test_nothing_is_a_valid_portfolio(tmp_path):
    for folder in (None, tmp_path):
        assert read_portfolio(folder) == Portfolio()
    organisation = read_portfolio(None).organisation
    assert (organisation.time_zone, organisation.week_start, organisation.reporting_currency) == ("UTC", "monday", None)
    assert organisation.accept_settle_days == 7


def test_a_portfolio_that_was_named_and_is_not_there_is_refused(tmp_path):
    with pytest.raises(PortfolioError, match="is not there; check READOUT_PORTFOLIO"):
        read_portfolio(tmp_path / "absent")


def test_a_portfolio_that_is_a_file_is_refused(tmp_path):
    file = tmp_path / "portfolio"
    file.write_text("x")
    with pytest.raises(PortfolioError, match="the portfolio is a folder"):
        read_portfolio(file)


def test_id_name_and_unit_of_work_are_enough(tmp_path):
    system = read_portfolio(write(tmp_path, systems__a=SYSTEM)).systems["routing"]
    assert (system.unit_of_work.one, system.unit_of_work.many) == ("ticket", "tickets")
    assert system.targets == ()
    assert system.governance.security is None


@pytest.mark.parametrize(("unit", "many"), [("ticket", "tickets"), ("query", "queries"), ("batch", "batches")])
def test_a_unit_of_work_may_be_one_word(tmp_path, unit, many):
    system = read_portfolio(write(tmp_path, systems__a=f"id: a\nname: A\nunit_of_work: {unit}\n")).systems["a"]
    assert (system.unit_of_work.one, system.unit_of_work.many) == (unit, many)


def test_byte_order_mark_and_windows_line_ends_are_fine(tmp_path):
    text = b"\xef\xbb\xbf" + SYSTEM.replace("\n", "\r\n").encode()
    assert "routing" in read_portfolio(write(tmp_path, systems__a=text)).systems


def test_the_key_on_is_a_key_and_the_text_no_is_text(tmp_path):
    text = SYSTEM + "owners: {business: no}\ngovernance:\n  security: {by: CISO, on: 2026-02-03}\n"
    system = read_portfolio(write(tmp_path, systems__a=text)).systems["routing"]
    assert system.owners.business == "no"
    assert system.governance.security is not None
    assert system.governance.security.on == date(2026, 2, 3)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "systems/a.yaml: the file is empty"),
        ("# only a comment\n", "systems/a.yaml: the file is empty"),
        ("- id: a\n", "systems/a.yaml:1: must be `key: value` lines at the top, found a list"),
        ("just words\n", "systems/a.yaml:1: must be `key: value` lines at the top, found a single value"),
        ("id: a\nname: [A\n", "systems/a.yaml:3:1: not valid YAML: expected ',' or ']', but got '<stream end>'"),
        ("id: a\n\tname: A\n", "systems/a.yaml:2:1: not valid YAML: a tab where spaces are needed"),
        (
            "id: a\n---\nid: b\n",
            "systems/a.yaml:2:1: not valid YAML: a second document starts here; one file holds one",
        ),
        (
            "id: &x a\nname: *x\n",
            "systems/a.yaml:2:7: not valid YAML: aliases are not allowed here; write the value out",
        ),
        ("id: a\nname: A\nid: b\n", "systems/a.yaml:3: `id` is given twice (first on line 1)"),
        ("id: a\n? [x, y]\n: z\n", "systems/a.yaml:2: a key must be plain text"),
        (
            "id: a\nname: !!python/object:os.system {}\n",
            "systems/a.yaml:2: tags such as `tag:yaml.org,2002:python/object:os.system` are not allowed here",
        ),
        ("[" * 5000, "systems/a.yaml:1:41: not valid YAML: nested deeper than 40 levels"),
        (b"id: a\nname: \xff\xfe\n", "systems/a.yaml:2: is not UTF-8 text (byte 13)"),
        (b"id: a\nname: A\x00B\n", "systems/a.yaml:2:8: a character that text cannot hold (code 0x0)"),
        ("id: a\r\nname: 12:30\r\nunit_of_work: 7\r\n", "systems/a.yaml:3: `unit_of_work` must be `key: value` lines"),
        ("id: a\nunit_of_work: t\n", "systems/a.yaml:1: `name` is missing"),
        ("id: a\nname: 5\nunit_of_work: t\n", "systems/a.yaml:2: `name` must be text (put it in quotes), found `5`"),
        (SYSTEM + "ownrs: {}\n", "systems/a.yaml:4: unknown key `ownrs` (did you mean `owners`?)"),
        (
            SYSTEM + "owners:\n  business: A\n  enginering: B\n",
            "systems/a.yaml:6: unknown key `owners.enginering` (did you mean `engineering`?)",
        ),
        (
            SYSTEM + "governance:\n  security:\n    by: CISO\n    on: 2026-02-30\n",
            "systems/a.yaml:7: `governance.security.on`: must be a date that exists",
        ),
        (
            SYSTEM + "availability_target: 99.5\n",
            "systems/a.yaml:4: `availability_target` must be at most 1, found `99.5`",
        ),
        (SYSTEM + "availability_target: .nan\n", "systems/a.yaml:4: `availability_target` must be a finite number"),
        (SYSTEM + "targets:\n- {metric: latency, target: '< 300', unit: ms}\n", "`latency` needs a statistic"),
        (
            SYSTEM + "targets:\n- {metric: accuracy, target: high}\n",
            "systems/a.yaml:5: `targets[0].target`: must be an op",
        ),
        (
            SYSTEM + "planned_stages:\n- {stage: full, from: 2026-03-01}\n- {stage: partial, from: 2026-02-01}\n",
            "systems/a.yaml:6: `planned_stages[1].from`: starts on 2026-02-01, not after the stage before it",
        ),
    ],
)
def test_each_fault_names_its_file_and_line(tmp_path, text, expected):
    found = faults_of(write(tmp_path, systems__a=text))
    assert any(expected in line for line in found), found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("time_zone: Europe/Berlim\n", "`Europe/Berlim` is no IANA time zone"),
        ("time_zone: ../../etc/passwd\n", "is no IANA time zone"),
        ("name: A\nreporting_currency: EURO\n", "organisation.yaml:2: `reporting_currency`: `EURO` is no ISO 4217"),
        ("week_start: Montag\n", "`week_start` must be monday, tuesday"),
        ("fiscal_year_start_month: 13\n", "`fiscal_year_start_month` must be at most 12, found `13`"),
        ("fiscal_calendar: 5-5-3\n", "`fiscal_calendar` must be calendar, 4-4-5, 4-5-4 or 5-4-4"),
        (
            "name: A\nfiscal_calendar: 4-4-5\n",
            "organisation.yaml:2: `fiscal_calendar`: a year of weeks (4-4-5) needs `fiscal_year_start_month`",
        ),
        ("fiscal_year_end_rule: nearest\n", "a year of calendar months has no such rule; it is for 4-4-5"),
        ("fiscal_year_end_rule: first\n", "`fiscal_year_end_rule` must be last or nearest"),
        ("fiscal_year_named_by: both\n", "`fiscal_year_named_by` must be end or start"),
        ("fiscal_year: 2027\n", "unknown key `fiscal_year`"),
        ("accept_settle_days: true\n", "`accept_settle_days` must be a whole number, found `true`"),
        ("freshness_hours: 1e999\n", "`freshness_hours` must be a finite number"),
        (f"freshness_hours: {'9' * 500}\n", "cannot be read as int"),
    ],
)
def test_the_organisation_is_checked(tmp_path, text, expected):
    (found,) = faults_of(write(tmp_path, organisation=text))
    assert expected in found
    assert found.startswith("organisation.yaml:")


TEAMS = "name: A\nteams:\n  platform: [platform@example.com, on-call@example.com]\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("teams:\n  platform: [nobody]\n", "organisation.yaml:2: `teams.platform[0]`: `nobody` is no e-mail address"),
        (
            "teams:\n  a: [a@b.c]\n  b:\n    - b@b.c\n    - b b@b.c\n",
            "organisation.yaml:5: `teams.b[1]`: `b b@b.c` is no",
        ),
        ("teams: {platform: []}\n", "`teams.platform`: must not be empty"),
        ("teams: {platform: a@b.c}\n", "`teams.platform` must be a list"),
        ("teams: [platform]\n", "`teams` must be `key: value` lines"),
        ("teams: {owner: [a@b.c]}\n", "`teams.owner`: is no name for a team"),
        ("teams: {a@b.c: [a@b.c]}\n", "is no name for a team"),
    ],
)
def test_a_team_has_addresses(tmp_path, text, expected):
    (found,) = faults_of(write(tmp_path, organisation=text))
    assert expected in found


def test_whom_a_gate_notifies_is_its_people_teams_and_addresses(tmp_path):
    portfolio = read_portfolio(write(tmp_path, organisation=TEAMS, systems__a=SYSTEM, gates__a=GATE))
    (gate,) = portfolio.gates.values()
    names = ["owner", "platform", "approver", "on-call@example.com", "someone@example.com", "nobody"]
    assert portfolio.organisation.addresses(gate, names) == (
        gate.owner, "platform@example.com", "on-call@example.com", gate.approver, "someone@example.com", "nobody"
    )  # fmt: skip


def test_a_gate_that_notifies_an_unknown_team_is_refused_where_teams_are_named(tmp_path):
    gate = GATE + "on_pass: {stage: full}\non_fail:\n  notify:\n    - owner\n    - platfrm\n"
    lines = gate.count("\n")
    (found,) = faults_of(write(tmp_path, organisation=TEAMS, systems__a=SYSTEM, gates__a=gate))
    assert found == (
        f"gates/a.yaml:{lines}: on_fail notifies `platfrm`, which is no team of organisation.yaml and no e-mail "
        "address (did you mean `platform`?)"
    )


def test_an_owner_may_be_a_team_and_must_be_reachable_to_be_notified(tmp_path):
    gate = GATE.replace("owner: ops@example.com", "owner: platform") + "on_breach: {notify: [owner]}\n"
    portfolio = read_portfolio(write(tmp_path, organisation=TEAMS, systems__a=SYSTEM, gates__a=gate))
    (found,) = portfolio.gates.values()
    assert portfolio.organisation.addresses(found, ["owner"]) == ("platform@example.com", "on-call@example.com")
    (fault,) = faults_of(
        write(tmp_path, organisation=TEAMS, systems__a=SYSTEM, gates__a=gate.replace("owner: platform", "owner: Ops"))
    )
    assert "on_breach notifies `owner`, who is given by a name that is no e-mail address" in fault


def test_without_teams_a_gate_may_name_them_and_lint_says_that_nobody_is_told(tmp_path):
    gate = GATE + "on_fail: {notify: [platform, owner]}\n"
    folder = write(tmp_path, systems__a=SYSTEM, gates__a=gate)
    done = CliRunner().invoke(app, ["gates", "lint"], env={"READOUT_PORTFOLIO": str(folder)})
    assert done.exit_code == 0
    assert (
        "  on_fail notifies `platform`, which is no team of organisation.yaml and no e-mail address: nobody is told.\n"
    ) in done.stdout
    assert done.stdout.count("nobody is told") == 1


def test_an_empty_organisation_file_means_the_defaults(tmp_path):
    assert read_portfolio(write(tmp_path, organisation="# nothing yet\n")) == Portfolio()


def test_two_systems_with_one_id_name_both_files(tmp_path):
    (found,) = faults_of(write(tmp_path, systems__a=SYSTEM, systems__b="\n" + SYSTEM))
    assert found.startswith("systems/b.yaml:2: the system `routing` is described twice: here and in ")
    assert found.endswith("systems/a.yaml:1")


def test_two_gates_with_one_name_name_both_files(tmp_path):
    (found,) = faults_of(write(tmp_path, systems__a=SYSTEM, gates__a=GATE, gates__b=GATE))
    assert "gates/b.yaml:1: the gate `routing/up` is described twice" in found


def test_a_gate_must_name_a_known_system(tmp_path):
    (found,) = faults_of(write(tmp_path, systems__a=SYSTEM, gates__a=GATE.replace("system: routing", "system: routng")))
    assert found == "gates/a.yaml:2: the gate `routing/up` names an unknown system `routng` (did you mean `routing`?)"


def test_a_damaged_system_does_not_put_the_blame_on_its_gate(tmp_path):
    (found,) = faults_of(write(tmp_path, systems__a=SYSTEM + "extra: 1\n", gates__a=GATE))
    assert found == "systems/a.yaml:4: unknown key `extra`"


def test_all_faults_of_all_files_are_reported_at_once(tmp_path):
    found = faults_of(
        write(
            tmp_path,
            organisation="time_zone: Mars\nweek_start: noday\n",
            systems__a="id: a\n",
            systems__b="id: [\n",
            gates__a=GATE.replace("coo@", "OPS@"),
        )
    )
    assert [line.split(": ")[0] for line in found] == [
        "gates/a.yaml:6",
        "organisation.yaml:1",
        "organisation.yaml:2",
        "systems/a.yaml:1",
        "systems/a.yaml:1",
        "systems/b.yaml:2:1",
    ]


def test_a_duration_needs_a_unit_of_time_to_be_counted(tmp_path):
    metric = '  - {name: latency, statistic: p95, unit: furlongs, pass: "< 3"}\n'
    (found,) = faults_of(write(tmp_path, systems__a=SYSTEM, gates__a=GATE + metric))
    assert found.startswith("gates/a.yaml:9: `latency` is a duration; `furlongs` is no unit of time")


def test_an_oversized_file_is_refused_whole(tmp_path):
    (found,) = faults_of(write(tmp_path, systems__a=SYSTEM + "summary: " + "x" * 1_100_000))
    assert "too large for a description" in found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60) | st.text("{}[]:,-?!&*|>'\"%@`# \n\t\r\0abid~1.", max_size=60).map(str.encode))
def test_whatever_a_file_holds_the_answer_is_faults_or_a_portfolio(tmp_path, content):
    try:
        read_portfolio(write(tmp_path, organisation=content, systems__a=content, gates__a=content))
    except PortfolioError as error:
        refused = error
    else:
        return
    assert refused.faults
    assert all(fault.message for fault in refused.faults)


def test_a_folder_named_like_a_file_and_hidden_files(tmp_path):
    (tmp_path / "systems" / "a.yaml").mkdir(parents=True)
    write(tmp_path, **{"systems__.#b": "half written: ["})
    (found,) = faults_of(tmp_path)
    assert found.startswith("systems/a.yaml: cannot be read")


def test_lines_are_what_the_warehouse_has_to_count(tmp_path):
    more = """  - {name: latency, statistic: p95, unit: ms, pass: "< 300", breach: "> 400", fail: {any: [{in: [5, 6]}]}}
  - {name: latency_p99, statistic: p99, unit: ms, role: info, pass: "< 900"}
  - {name: handling_time, statistic: reduction_vs_baseline, role: info, pass: ">= 0.3"}
  - {name: cycle_time, statistic: p90, unit: h, role: info, pass: {relative_pct: 10, op: "<="}, warn: "< 2.5"}
decide: {evidence: point}
"""
    targets = "targets:\n- {metric: handling_time, statistic: mean, unit: min, target: '<= 4'}\n"
    targets += "- {metric: handling_time_reduction, target: '>= 0.30'}\n- {metric: accuracy, target: '> 0.9'}\n"
    portfolio = read_portfolio(write(tmp_path, systems__a=SYSTEM + targets, gates__a=GATE + more))
    assert portfolio.lines() == (
        Line("cycle", "routing", 9_000_000_000),
        Line("handling", "routing", 240_000_000),
        *(Line("latency", "routing", line * 1000) for line in (5, 6, 300, 400)),
    )


def test_the_plan_holds_from_its_day_on(tmp_path):
    plan = (
        "planned_stages:\n- {stage: assisted, load_share: 0.2, from: 2026-03-01}\n- {stage: full, from: 2026-06-01}\n"
    )
    system = read_portfolio(write(tmp_path, systems__a=SYSTEM + plan)).systems["routing"]
    stages = [system.plan_on(day) for day in (date(2026, 2, 28), date(2026, 3, 1), date(2027, 1, 1))]
    assert [one and one.stage for one in stages] == [None, "assisted", "full"]


def test_the_demo_portfolio_is_sound_and_fits_its_schemas():
    folder = shipped("data") / "portfolio"
    portfolio = read_portfolio(folder)
    assert len(portfolio.systems) == 10
    stalled = "contract-review"  # owned by nobody, and without a gate: that is its story
    assert {gate.system for gate in portfolio.gates.values()} == set(portfolio.systems) - {stalled}
    assert Line("latency", "routing-engine", 300_000) in portfolio.lines()
    for system in portfolio.systems.values():
        assert system.workflow.before
        assert system.workflow.after
        named = (system.owners.business, system.owners.engineering, system.owners.operations, system.fallback)
        assert any(named) == all(named) == (system.id != stalled)
    schemas = json_schemas()
    kinds = {"organisation.yaml": "organisation", "systems/*.yaml": "system", "gates/*.yaml": "gate"}
    for pattern, kind in kinds.items():
        for path in folder.glob(pattern):
            jsonschema.validate(read_document(path).value, schemas[kind])
