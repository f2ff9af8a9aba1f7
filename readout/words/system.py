"""One system: its stages, its workflow, who answers for it, its targets, releases and incidents."""

from collections.abc import Iterable
from datetime import datetime

from readout.briefs.results import Figure
from readout.briefs.results_system import (
    IncidentRow,
    MetricRow,
    ReleaseRow,
    StageSpan,
    SystemChoice,
    SystemProfile,
    TargetRow,
    TimeAxis,
    WeekShare,
)
from readout.metrics import METRICS
from readout.words.changes import NO_PRIOR
from readout.words.charts import trend
from readout.words.dates import day
from readout.words.names import human, label, listed, sentence, stage
from readout.words.notices import Notice
from readout.words.numbers import amount, count, duration, missing, money, percent, plain, rounded
from readout.words.reasons import RECORDS, not_measurable, reason
from readout.words.reductions import REDUCTION_STATES
from readout.words.running import models
from readout.words.signals import forecast

_FEW = 1000  # under this n a share carries no decimals, as everywhere
OVER = 0.02  # AI may carry two points more than its stage entitles it to before that is said: shares waver
CHOOSE = "Choose a system"
CHOSEN_FIRST = "Several systems are chosen; this page shows one at a time."
OTHER_SYSTEMS = "Other systems"
UNKNOWN_DAY = "–"
NOT_SIGNED = "not signed"
NOT_NAMED = "nobody is named"
NOT_DESCRIBED = "not described"
_TASK, TASKS = "task", "tasks"


def unit_of(profile: SystemProfile, number: float) -> str:
    """Return what the system works on, in the number: 1 routed ticket, 2 routed tickets; else tasks."""
    if profile.registry is None:
        return _TASK if number == 1 else TASKS
    return profile.registry.unit_of_work.one if number == 1 else profile.registry.unit_of_work.many


def counted(number: int, one: str, many: str) -> str:
    """Return a count with its noun: 1 system is, 4 systems are."""
    return f"{count(number)} {one if number == 1 else many}"


def whole_percent(share: float) -> str:
    """Return a share as people agree on it: 70%, 12.5%."""
    return f"{plain(share * 100, 0 if rounded(share * 100, 1) == rounded(share * 100, 0) else 1)}%"


def unknown_system(asked: tuple[str, ...]) -> Notice:
    """Return the state of an address that names a system nobody knows."""
    names = listed(asked)
    return Notice(
        f"{names} is not known here" if len(asked) == 1 else f"{names} are not known here",
        "Neither the portfolio nor the telemetry has such a system. The link may be old, or the id misspelt.",
        "Choose one of the systems below.",
    )


UNREGISTERED = "Unregistered."


def unregistered(system_id: str) -> str:
    """Return what stands where a registry entry would be; the file's name stands in backticks."""
    return (
        f"Describe it in `portfolio/systems/{system_id}.yaml`: unit of work, workflow, owners, fallback, sign-offs, "
        "targets. Until then, this page shows what was recorded of it."
    )


def never_recorded() -> Notice:
    """Return what stands where figures would be, for a system that has recorded nothing."""
    return Notice(
        "Nothing has been recorded of this system",
        "It is in the portfolio, and none of its tasks or calls has reached the warehouse.",
        "Load its tasks, then refresh; Data health lists what arrives.",
    )


def silent(notice: Notice) -> Notice:
    """Return what stands where tiles would be, for a system that recorded nothing in the period."""
    step = "Choose another period, or look at all data. What no period limits stands below."
    return Notice(notice.title, notice.text, step)


# --- list of systems -------------------------------------------------------------------------------------------------

CHOICE_HEADS = (
    ("System", "", True),
    ("What it does", "", True),
    ("Stage", "entitled or planned load on AI", True),
    ("Business owner", "", True),
    ("Recorded", "tasks, all data", False),
)


def choice_stage(choice: SystemChoice) -> str:
    """Return the stage of a listed system: Partial, 70%."""
    return stage_with_share(choice.stage, choice.load_share)


def stage_with_share(name: str, share: float | None) -> str:
    """Return a stage with the share that AI may carry in it."""
    return stage(name) if missing(share) else f"{stage(name)}, {whole_percent(share or 0)}"


# --- identity --------------------------------------------------------------------------------------------------------


def identity(profile: SystemProfile, now: datetime) -> tuple[tuple[str, str], ...]:
    """Return the few facts under the finding: unit of work, stage, who answers for it."""
    facts = []
    if profile.registry:
        facts.append(("Unit of work", human(profile.registry.unit_of_work.one)))
    facts.append(("Stage", _stage_now(profile.stage, now)))
    if profile.registry:
        facts.append(("Business owner", profile.registry.owners.business or NOT_NAMED))
    if profile.releases:
        facts.append(("In service", release_name(profile.releases[0])))
    if several := models(profile.models):
        facts.append(("Models", several))
    return tuple(facts)


def _stage_now(span: StageSpan | None, now: datetime) -> str:
    if span is None:
        return stage("")
    text = stage_with_share(span.stage, span.load_share)
    if span.planned:
        return f"{text} (planned; no decision is recorded)"
    return f"{text}, for {weeks_between(span.starts, now)}"


def weeks_between(start: datetime, end: datetime) -> str:
    """Return a stretch in whole weeks, counted by its days; in days under one week."""
    days = max((end.date() - start.date()).days, 0)
    return counted(days // 7, "week", "weeks") if days >= 7 else counted(days, "day", "days")  # noqa: PLR2004 - a week


def in_shadow(span: StageSpan | None) -> bool:
    """Whether the stage in force is shadow: the system works beside people, and its answers are not used."""
    return span is not None and span.stage == "shadow"


def shadow(profile: SystemProfile) -> str:
    """Return the finding's beginning for a system in shadow: how long, and that people did the work."""
    done = next(figure.value for figure in profile.figures if figure.metric == "throughput")
    text = f"{profile.name}: in shadow"
    if profile.stage is not None and profile.stage.starts <= profile.axis.now:
        text += f" for {weeks_between(profile.stage.starts, profile.axis.now)}"
    if not done:
        return f"{text}; no {unit_of(profile, 0)} completed in this period"
    return f"{text}; people completed {'its' if done == 1 else 'all'} {count(done)} {unit_of(profile, float(done))}"


def no_owner(profile: SystemProfile) -> str:
    """Return that nobody answers for the system, '' where somebody does or it is not registered."""
    named = profile.registry is None or profile.registry.owners.business
    return "" if named else "nobody is named as its business owner"


def unjudged(profile: SystemProfile) -> str:
    """Return that nobody could tell right from wrong in some weeks of AI work, '' where each week has a verdict."""
    worked = [one for one in profile.axis.weeks if one.kind == "complete" and one.share]
    blind = [one for one in worked if one.week in profile.unjudged]
    return f"its accuracy is unknown in {len(blind)} of {len(worked)} weeks" if blind else ""


# --- stages ----------------------------------------------------------------------------------------------------------

STAGE_HEADS = (
    ("Stage", "", True),
    ("Load on AI", "entitled", False),
    ("Running", "in this period's weeks", False),
    ("Review rate", "of AI work", False),
    ("From", "", True),
    ("In stage", "", False),
    ("Decided by", "", True),
    ("Reason", "milestone", True),
)
PLANNED = "planned"
IN_FORCE = "in force"
OVERDUE = "overdue"
NOT_DECIDED = "These stages are the portfolio's plan; no decision is recorded in the telemetry."
NO_STAGES = "No stage is recorded for this system, and none is planned."
ABOVE = "above its entitlement"
BELOW = "below its entitlement"


def is_over(span: StageSpan | None) -> bool:
    """Whether AI carries more than its stage entitles it to, by more than weeks waver."""
    return span is not None and span.over is not None and span.over >= OVER


def entitlement(span: StageSpan | None) -> str:
    """Return what stands under the AI-handled share: entitled 50%, running 62%."""
    if span is None:
        return stage("")
    if span.load_share is None:
        return "the stage states no load share"
    said = f"{'planned' if span.planned else 'entitled'} {whole_percent(span.load_share)}"
    return f"{said}, running {percent(span.running)}" if is_over(span) and span.running is not None else said


def promise(share: float | None) -> str:
    """Return what stands under an availability: promised 99.95%."""
    if share is None:
        return "no availability is promised"
    return f"promised {f'{share * 100:.3f}'.rstrip('0').rstrip('.')}%"


def running(span: StageSpan) -> tuple[str, str, str]:
    """Return what AI carried in a stage, the remark under it, and its tone."""
    if span.running is None:
        return UNKNOWN_DAY, "", "neutral"
    weeks = counted(span.weeks_running, "week", "weeks")
    if is_over(span):
        return percent(span.running), f"{ABOVE}, {weeks}", "bad"
    below = span.over is not None and span.over <= -OVER
    return percent(span.running), f"{BELOW}, {weeks}" if below else weeks, "neutral"


def in_stage(span: StageSpan, now: datetime, *, decided: bool) -> str:
    """Return how long a stage lasted, or that it is planned; overdue where others were `decided` and it was not."""
    if span.planned:
        late = decided and span.starts <= now
        return f"{OVERDUE}, {weeks_between(span.starts, now)}" if late else PLANNED
    return weeks_between(span.starts, min(span.ends or now, now))


def behind_plan(profile: SystemProfile) -> str:
    """Return in a sentence that a planned stage has not been decided, '' where the plan is kept."""
    late = [span for span in profile.stages if span.planned and span.starts <= profile.axis.now]
    if not late or all(span.planned for span in profile.stages):
        return ""
    load = "" if late[0].load_share is None else f" with {whole_percent(late[0].load_share)}"
    return f"behind its plan of {stage(late[0].stage).lower()}{load} since {day(late[0].starts, year=False)}"


# --- targets ---------------------------------------------------------------------------------------------------------

TARGET_HEADS = (("Target", "from the portfolio", True), ("Now", "", False), ("State", "", True))
TARGET_STATES = {
    **REDUCTION_STATES,
    "met": ("Met", "good"),
    "unconfirmed": ("Met, not confirmed", "good"),
    "short": ("Not met", "bad"),
    "at the line": ("At the line", "neutral"),
}
AT_THE_LINE = "nearer to the line than the figure is exact (1%)"
NO_TARGETS = "The portfolio names no target for this system."
_SIGNS = {">=": "≥", "<=": "≤", "==": "="}


def target_name(row: TargetRow) -> str:
    """Return what a target is about."""
    if row.figure is None:
        return " ".join(part for part in (human(row.metric), row.statistic) if part)
    return label(row.figure.metric)


def target_rule(row: TargetRow) -> str:
    """Return a target's rule in its metric's format: ≥ 30%, < 300 ms."""
    sign = _SIGNS.get(row.op, row.op)
    if row.figure is None:
        return f"{sign} {plain(row.line, 2).rstrip('0').rstrip('.')} {row.unit}".strip()
    declared = METRICS[row.figure.metric]
    if declared.unit == "share":
        return f"{sign} {whole_percent(row.line)}"
    if declared.unit == "money":
        return f"{sign} {money(row.line, row.unit or row.figure.currency)}"
    return f"{sign} {amount(row.figure.metric, row.line)}"


def target_state(row: TargetRow) -> tuple[str, str]:
    """Return a target's state in words, and its tone; what has an interval is confirmed, or met and not confirmed."""
    judged_rate = row.figure is not None and row.figure.interval is not None
    return TARGET_STATES["unconfirmed" if row.state == "met" and judged_rate else row.state]


def target_remark(row: TargetRow) -> str:
    """Return what stands under a target's state."""
    if row.state == "not measurable":
        return reason(row.reason)
    ahead = forecast(row.forecast)[0] if row.forecast else ""
    return "; ".join(part for part in (AT_THE_LINE if row.state == "at the line" else "", ahead) if part)


def target_basis(row: TargetRow) -> str:
    """Return what stands under a target's figure: its interval and n."""
    if row.figure is None or row.figure.value is None:
        return ""
    said = f"n = {count(row.figure.n)}" if row.figure.n is not None else ""
    return ", ".join(part for part in (interval(row.figure), said) if part)


# --- gates -----------------------------------------------------------------------------------------------------------

GATE_HEADS = (("Gate", "", True), ("State", "", True), ("Next step", "", True))
NO_GATES_HERE = "No gate is declared for this system."
TO_GATES = "Conditions week by week"


# --- workflow --------------------------------------------------------------------------------------------------------

LANES = ("Before", "With the system")
DOERS = {"ai": "AI", "people": "People", "software": "Software"}
FATES = {"new": "new", "changed": "changed", "kept": "as before", "gone": "falls away", "": ""}
STORED = "stored in"
FEEDS = "feeds"
NO_WORKFLOW = "The portfolio describes no workflow for this system."
NO_LANE = "Not described."


# --- who answers -----------------------------------------------------------------------------------------------------

OWNERS = {"business": "Business", "engineering": "Engineering", "operations": "Operations"}
SIGN_OFFS = {"security": "Security", "platform": "Platform", "compliance": "Compliance"}
FALLBACK = "If it fails"
ROLLBACK = "To go back"
OWNERS_TITLE = "Owners"
SIGN_OFFS_TITLE = "Signed off"
SAFETY_TITLE = "Fallback and rollback"


def signed(by: str, on: str) -> str:
    """Return who signed, and when."""
    return f"{by}, {on}"


# --- connections -----------------------------------------------------------------------------------------------------

CONNECTION_HEADS = (("Connection", "", True), ("Kind", "", True), ("Cadence", "", True), ("Note", "", True))
SOURCES = "Data source"
HOOKS = "Hook"
NO_CONNECTIONS = "The portfolio names no data source and no hook for this system."
MODULES = "Reusable modules"
NO_MODULES = "The portfolio names no reusable module for this system."
ONLY_HERE = "used here only"
ALSO_IN = "also in"


# --- all metrics -----------------------------------------------------------------------------------------------------

GROUPS = {"volume": "Volume and flow", "time": "Time", "quality": "Quality", "cost": "Cost and tokens"}
BASELINE = "baseline {}"
TARGET = "target {}"
DATA_HEALTH = "Data health"


def metric_heads(versus: str) -> tuple[tuple[str, str, bool], ...]:
    """Return the heads of the table of all metrics."""
    return (
        ("Metric", "", True),
        ("Now", "", False),
        ("Before", "", False),
        ("Change", versus or "no comparison", False),
        ("n", "tasks behind it", False),
        ("Baseline, target", "", False),
        ("Per week", "", False),
    )


def against(row: MetricRow) -> tuple[str, ...]:
    """Return what a metric is held against: its signed-off baseline, its target."""
    found = []
    if row.figure.baseline is not None:
        found.append(BASELINE.format(amount(row.figure.metric, row.figure.baseline, row.figure.currency)))
    if row.target is not None and row.target.figure is not None:
        found.append(TARGET.format(target_rule(row.target)))
    return tuple(found)


def common_gap(rows: Iterable[MetricRow]) -> str:
    """Return why most metrics with a value have no comparison, '' where most have one: said once, not in every row."""
    known = [row.figure for row in rows if row.figure.value is not None]
    gaps = [figure.before_reason or NO_PRIOR for figure in known if figure.before is None]
    most = max(gaps, key=gaps.count, default="")
    return most if gaps.count(most) * 2 > len(known) else ""


def no_change(gap: str) -> str:
    """Return in a sentence why there is no change."""
    return f"No change is shown: {gap}." if gap else ""


def no_value(row: MetricRow) -> str:
    """Return why a metric has no value."""
    return f"{sentence(not_measurable(row.figure.reason))}"


def fix(row: MetricRow) -> str:
    """Return what would give a metric its value, before the name of the page that names the column."""
    return f"To fix: record {RECORDS.get(row.missing, human(row.missing).lower())}; the column is named on"


def interval(figure: Figure) -> str:
    """Return the 95 % interval of a share: 83 to 88%, without decimals where n is small."""
    if figure.interval is None:
        return ""
    decimals = 0 if figure.n is not None and figure.n < _FEW else 1
    low, high = (plain(end * 100, decimals) for end in figure.interval)
    return f"{low} to {high}%"


# --- releases and incidents ------------------------------------------------------------------------------------------

RELEASE_HEADS = (
    ("Release", "", True),
    ("In service from", "", True),
    ("For", "", False),
    ("Change", "", True),
    ("Model", "", True),
    ("Prompt, routing", "", True),
    ("What changed", "", True),
)
INCIDENT_HEADS = (
    ("Incident", "", True),
    ("Began", "", True),
    ("Lasted", "", False),
    ("What happened", "", True),
)
CHANGE_CLASSES = {"major": "Major", "minor": "Minor"}
KINDS = {"outage": "Outage", "degradation": "Degradation", "fallback": "Fallback", "rollback": "Rollback"}
AN_INCIDENT = {
    "outage": "an outage", "degradation": "a degradation", "fallback": "a fallback", "rollback": "a rollback"
}  # fmt: skip
OPEN = "open"
IN_SERVICE = "in service"
NO_RELEASES = "No release is recorded for this system."
NO_INCIDENTS = "No incident is recorded for this system."


def earlier(number: int, what: str) -> str:
    """Return that a list goes on: and 12 earlier releases."""
    return f"and {count(number)} earlier {what}"


def incident_kind(kind: str) -> str:
    """Return a kind of incident in words."""
    return KINDS.get(kind, human(kind))


def open_since(row: IncidentRow) -> str:
    """Return an open incident in a sentence: a degradation has been open since 27 Oct."""
    what = AN_INCIDENT.get(row.kind, f"an incident ({incident_kind(row.kind).lower()})")
    return f"{what} has been open since {day(row.starts, year=False)}"


def change_class(name: str) -> str:
    """Return a release's class in words."""
    return CHANGE_CLASSES.get(name, human(name))


def release_name(row: ReleaseRow) -> str:
    """Return a release in a few words: RT-3 (nw-large-2)."""
    return f"{row.release_id} ({row.model})" if row.model else row.release_id


def lasted(row: IncidentRow) -> str:
    """Return how long an incident lasted, or that it is open."""
    return f"{duration(row.seconds)}, {OPEN}" if row.ends is None else duration(row.seconds)


# --- time axis -------------------------------------------------------------------------------------------------------

AXIS_LANES = {"stages": "Stage", "share": "On AI", "releases": "Releases", "incidents": "Incidents"}
ON_AI = "on AI"
ENTITLED = "entitled"
PLAN = "plan"
NO_LANE_ITEMS = {"stages": "none recorded", "releases": "none in these weeks", "incidents": "none in these weeks"}


AXIS_KEY = "Releases: filled mark = major, hollow mark = minor. Line across the bars = what the stage entitles to."
_LONG = 18  # signs of a release's id beside its mark


def axis_alt(axis: TimeAxis) -> str:
    """Return what the time axis shows, for those who cannot see it."""
    weeks = [day(one.week, year=False) for one in axis.weeks]
    shares = [one.share for one in axis.weeks]
    said = [
        "Share of completed work that AI handled, per week, against what its stage entitles it to.",
        trend("AI-handled share", weeks, ["" if one is None else percent(one) for one in shares], shares),
    ]
    spans = axis.stages or axis.plan
    said += [f"{stage_with_share(one.stage, one.load_share)} from {day(one.starts)}." for one in spans]
    for one in axis.releases:
        said.append(f"{change_class(one.change_class)} release {release_name(one)} on {day(one.starts)}.")
    said += [f"{incident_kind(one.kind)} on {day(one.starts)}, {lasted(one)}." for one in axis.incidents]
    for rows, nothing in ((axis.releases, "No release"), (axis.incidents, "No incident")):
        if not rows:
            said.append(f"{nothing} in these weeks.")
    return " ".join(said)


def week_share(one: WeekShare) -> str:
    """Return a week of the time axis in words."""
    share = "nothing completed" if one.share is None else f"{percent(one.share)} on AI"
    text = f"Week of {day(one.week, year=False)}: {share}, {count(one.completed)} completed"
    return text if one.kind == "complete" else f"{text} ({one.kind})"


def stage_label(span: StageSpan, *, wide: bool, same: bool) -> str:
    """Return what stands in a stage of the time axis: Partial, 70%; where it is narrow, what is new in it."""
    if wide:
        said = stage_with_share(span.stage, span.load_share)
        return f"{said} ({PLANNED})" if span.planned else said
    return whole_percent(span.load_share) if same and span.load_share is not None else stage(span.stage)


def stage_hover(span: StageSpan) -> str:
    """Return a stage of the time axis in words."""
    text = f"{stage_with_share(span.stage, span.load_share)} from {day(span.starts)}"
    return f"{text} ({PLANNED})" if span.planned else text


def release_hover(row: ReleaseRow) -> str:
    """Return a release of the time axis in words."""
    text = f"{release_name(row)}, {change_class(row.change_class).lower()}, {day(row.starts)}"
    return f"{text}\n{row.note}" if row.note else text


def release_label(row: ReleaseRow) -> str:
    """Return what stands beside a release on the time axis: its id, as much of it as there is room for."""
    return row.release_id if len(row.release_id) <= _LONG else f"{row.release_id[: _LONG - 1]}…"


def incident_label(row: IncidentRow) -> str:
    """Return what stands beside an incident on the time axis."""
    return f"{incident_kind(row.kind)}, {OPEN if row.ends is None else duration(row.seconds)}"


def incident_hover(row: IncidentRow) -> str:
    """Return an incident of the time axis in words."""
    text = f"{incident_kind(row.kind)}, {day(row.starts)}, {lasted(row)}"
    return f"{text}\n{row.note}" if row.note else text
