"""The portfolio ladder in words: place, proof, what binds, by when, and what waiting costs. Never a promise."""

from collections.abc import Sequence
from datetime import date

from readout.briefs.results import Finding
from readout.briefs.results_promotions import PromotionsBrief, Standing
from readout.gates.promotion import Confidence
from readout.words.dates import day
from readout.words.gates import (
    condition,
    condition_name,
    condition_name_of,
    evidence,
    gate_state,
    last_closed,
    margin,
    rate_against_line,
    weeks_met,
)
from readout.words.names import listed, sentence, stage
from readout.words.numbers import count, hours, plain
from readout.words.provenance import provenance
from readout.words.running import STALLED

CONFIDENCE: dict[Confidence, tuple[str, str]] = {
    "proved": ("Proved", "all the evidence that its policy asks for"),
    "building": ("Building", "evidence speaks for it, and does not reach"),
    "not_shown": ("Not shown", "no evidence for it yet"),
    "unprotected": ("Unprotected", "the raw rule, without evidence"),
    "no_data": ("No data", "nothing measured, or not its turn"),
    "broken": ("Line broken", "a line is broken, or the gate has failed"),
    "no_gate": ("No gate", "nothing says what is enough"),
}
ALWAYS_SHOWN: tuple[Confidence, ...] = ("proved", "building", "not_shown", "broken", "no_gate")
CORNER = "Proof of the gate"
NOTE = (
    "The stage is the one in force. The proof is the evidence of the gate that leads on, of what its policy asks for: "
    "an e-value, or bounds that clear their lines. Proved needs all of it and the weeks in a row; building speaks for "
    "the line (an e-value over 1, or some bounds) and does not reach; not shown does not speak for it. A system past "
    "its last gate is read on the gate that watches it."
)
TABLE_NOTE = (
    "By when: the close of the last week that the gate still needs, if every week from now on is met and evidence "
    "grows at the rate and volume so far. Observations for today's volume: the last four closed weeks. Expected in the "
    "quarter: eligible now, or those weeks close before the fiscal quarter ends; eligible is not promoted, a person "
    "signs off. Cost of waiting: people's hours a week on work that the next stage would take over, from the last "
    "eight weeks; hours, never money."
)
HEADS = (
    ("System", "stage, weeks in it", True),
    ("Gate", "weeks in a row", True),
    ("Evidence", "of what is asked for", True),
    ("What binds", "and its margin to the line", True),
    ("Can pass by", "at today's rate and volume", True),
    ("This quarter", "", True),
    ("Cost of waiting", "per week", False),
)
RETIRED_TITLE = "Retired"
NO_SYSTEMS = "No system is known."
NO_NEXT_STAGE = "no gate says what the next stage would take over"
RIGHT_TO_WAIT = "its line is broken: waiting is right"
NOT_MEASURABLE = "not measurable"
LONG_WEEKS = 52
TILES = {
    "full": "Carry full load",
    "eligible": "Eligible now",
    "expected": "Expected this quarter",
    "waiting": "Waiting per week",
}


def explain(brief: PromotionsBrief, note: str) -> tuple[tuple[str, str], ...]:
    """Return how the figures of a section are calculated."""
    return (
        ("How", note),
        ("Period", "as of now: a gate reads its own weeks, whatever period is chosen"),
        (
            "Where it comes from",
            "queries read/gate_facts and read/releases, the recorded stages, and the gates' policies",
        ),
        *provenance(brief.header),
    )


def finding(brief: PromotionsBrief) -> Finding:
    """Return how many carry full load, what is due, what is broken, and who has stood still for longest."""
    rows = brief.rows
    if not rows:
        return Finding("All systems are retired." if brief.retired else NO_SYSTEMS)
    full = sum(row.stage == "full" for row in rows)
    due = [row for row in rows if row.expected == "eligible"]
    broken = [row for row in rows if row.confidence == "broken"]
    carry = "carries" if 1 in {full, len(rows)} else "carry"
    parts = [f"{count(full)} of {_counted(len(rows), 'system')} {carry} full load"]
    if due:
        parts.append(f"{_counted(len(due), 'gate')} {'is' if len(due) == 1 else 'are'} due for decision")
    if broken:
        parts.append(_broken(broken))
    stuck = stands_still(rows)
    if stuck:
        parts.append(stuck)
    tone = "bad" if broken or stuck else "good" if due else "neutral"
    return Finding(f"{'; '.join(parts)}.", tone)


def _broken(rows: Sequence[Standing]) -> str:
    if len(rows) > 1:
        return f"{listed(row.name for row in rows)} have broken a line or failed their gate"
    row = rows[0]
    if row.card is not None and row.card.state == "failed":
        return f"{row.name} has failed its gate"
    return f"{row.name} has broken its {condition_name(row.binding).lower() if row.binding else 'breach'} line"


def stands_still(rows: Sequence[Standing]) -> str:
    """Return the system that has been longest in a stage without an owner, a gate, or its planned move; '' for none."""
    found = [(row.weeks_in_stage or 0, row, lacking) for row in rows if row.stage != "full" and (lacking := lacks(row))]
    if not found:
        return ""
    weeks, row, lacking = max(found, key=lambda one: (one[0], one[1].name))
    place = stage(row.stage).lower() if row.stage else ""
    if not place:
        return f"{row.name} has {lacking}, and no stage is recorded of it"
    return f"{row.name} has been {_counted(weeks, 'week')} in {place} with {lacking}"


def lacks(row: Standing) -> str:
    """Return what a system that stands still does not have: no owner and no gate; '' where nothing is missing."""
    missing = ["no owner"] if not row.owner else []
    missing += ["no gate"] if row.card is None else []
    if not missing and row.standstill is not None:
        return f"its move to {stage(row.standstill.due_stage).lower()} overdue since {day(row.standstill.due)}"
    return listed(missing, "")


def place(row: Standing) -> str:
    """Return where a system stands: Partial, 73 weeks."""
    weeks = "" if row.weeks_in_stage is None else f", {_counted(row.weeks_in_stage, 'week')}"
    return f"{stage(row.stage)}{weeks}"


def weeks(row: Standing) -> str:
    """Return how long a system has been in its stage: 72 weeks in partial; '' where that is not recorded."""
    if row.weeks_in_stage is None:
        return ""
    return f"{_counted(row.weeks_in_stage, 'week')} in {stage(row.stage).lower()}"


def state(row: Standing) -> tuple[str, str]:
    """Return the state of a system's gate, and its tone; a system without one may be stalled."""
    if row.card is None and row.standstill is not None:
        return STALLED
    return gate_state(row.card.state if row.card else "")


def steps(row: Standing) -> str:
    """Return where a gate leads and how many of its weeks are met: to full, 3 of 3 weeks in a row; '' without one."""
    card = row.card
    if card is None:
        return ""
    leads = "" if card.from_stage == card.to_stage else f"to {stage(card.to_stage).lower()}, "
    return f"{leads}{weeks_met(card)}"


def proof(row: Standing) -> tuple[str, str]:
    """Return how far a gate is proved, and its evidence of what is asked for."""
    name = CONFIDENCE[row.confidence][0]
    return name, "" if row.card is None or row.card.phase == "waiting" else evidence(row.card)


def short(row: Standing) -> str:
    """Return a system's gate in the few words that stand on the ladder: 3 of 3 weeks, 139 of 20."""
    card = row.card
    if card is None:
        return lacks(row)
    if row.confidence == "broken" and row.binding is not None:
        return f"{condition_name(row.binding).lower()} line"
    shown = f"{'evidence ' if card.evidence_rule == 'always_valid' else ''}{evidence(card)}"
    if card.phase != "evaluated" or not card.weeks_needed:
        return f"{_counted(card.streak, 'week')} within, {shown}" if card.phase == "watched" else weeks_met(card)
    return f"{card.weeks_met} of {_counted(card.weeks_needed, 'week')}, {shown}"


def binds(row: Standing) -> tuple[str, str]:
    """Return the condition that binds a gate, and its margin to the line."""
    if row.card is None:
        return "–", "" if row.stage in {"full", "retired"} else f"{lacks(row) or 'no gate'} on record"
    if row.expected == "eligible":
        return "A sign-off", f"by {row.card.approver}"
    if row.binding is None:
        return "–", ""
    week, told = last_closed(row.binding), margin(row.binding)
    if week is not None and week.state == "held" and week.n < row.binding.min_n:
        return condition(row.binding), f"{count(round(week.n))} of {count(row.binding.min_n)} observations last week"
    if not told:
        return condition(row.binding), "no value in the last week"
    met = week is not None and week.state == "met"
    return condition(row.binding), f"last week {told}{_until_proved(row) if met else ''}"


def _until_proved(row: Standing) -> str:
    """Return what a condition that was met still lacks: evidence, or weeks in a row."""
    card = row.card
    if card is None or row.confidence not in {"building", "not_shown"}:
        return ""
    return ", evidence is short" if card.weeks_met >= card.weeks_needed else ", weeks and evidence are short"


def by_when(row: Standing, today: date) -> tuple[str, str]:
    """Return the day by which a gate can pass, and on what condition; or why no day can be named."""
    if row.chance is None or row.card is None:
        return "cannot be said", "there is no gate to pass" if row.stage != "full" else ""
    why, ahead = row.chance.why, row.chance.weeks
    if why == "on_course" and ahead is not None and ahead > LONG_WEEKS:
        return "not within a year", f"{count(ahead)} weeks at today's rate and volume"
    if why in {"on_course", "afresh"} and ahead is not None and row.day is not None:
        when = day(row.day, year=row.day.year != today.year)
        told = if_met(ahead) if why == "on_course" else f"it starts afresh: {if_met(ahead)}"
        return when if why == "on_course" else f"not before {when}", told
    return _never(row)


def _never(row: Standing) -> tuple[str, str]:
    scarce, found = (row.chance.scarce if row.chance else None), row.card
    told = {
        "eligible": ("now", "its weeks and its evidence are there"),
        "volume": ("not at this volume", "too few observations a week"),
        "rate": ("not at this rate", rate_against_line(found) if found else ""),
        "bound": ("cannot be said", "a bound has to clear its line"),
        "burning": ("not while its line burns", ""),
        "failed": ("not as it stands", "a new major release or another policy starts afresh"),
        "final": ("not as it stands", "a new major release or another policy starts afresh"),
        "no_data": ("cannot be said", "no data reaches its gate"),
        "waiting": ("not its turn", ""),
        "watched": ("–", "past its last gate"),
    }[row.chance.why if row.chance else "final"]
    if scarce is None:
        return told
    asked = f"{count(scarce.needed)} asked for" if scarce.weekly < scarce.needed else ""
    return told[0], f"{plain(scarce.weekly)} a week for {condition_name_of(scarce.metric).lower()}, {asked}"


def if_met(ahead: int) -> str:
    """Return the condition of a date: if the next 3 weeks hold."""
    return "if the next week holds" if ahead == 1 else f"if the next {count(ahead)} weeks hold"


def expected(row: Standing) -> tuple[tuple[str, str] | None, str]:
    """Return what is expected in the fiscal quarter with its tone, None for nothing; and its condition."""
    if row.expected == "eligible" and row.card is not None:
        lapse = f"; lapses {day(row.valid_until, year=False)}" if row.valid_until else ""
        return ("Promotion", "good"), f"if {row.card.approver} signs off{lapse}"
    if row.expected == "if_met" and row.chance is not None and row.chance.weeks:
        return ("Eligible", "neutral"), if_met(row.chance.weeks)
    return None, ""


def cost(row: Standing) -> tuple[str, str]:
    """Return what a week of waiting costs; or that it is not measurable, and why."""
    if row.hours is not None:
        return hours(row.hours), "of people's time"
    return (NOT_MEASURABLE if row.unknown else "–"), row.unknown


def tiles(brief: PromotionsBrief) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Return the four tiles: key, number, lines under it."""
    rows = brief.rows
    full, loaded = (sum(row.stage in stages for row in rows) for stages in ({"full"}, {"assisted", "partial", "full"}))
    ready = [row for row in rows if row.expected == "eligible"]
    soon = [row for row in rows if row.expected == "if_met"]
    known = [row for row in rows if row.hours is not None]
    unknown = [row for row in rows if row.hours is None and row.unknown]
    by = f"by {day(brief.quarter_end)}, the end of the fiscal quarter"
    waiting = "–" if brief.hours is None else hours(brief.hours)
    over = f"of people's time at {_counted(len(known), 'gate')}" if known else "at no gate can it be said"
    return (
        ("full", f"{count(full)} of {count(len(rows))}", (f"{count(loaded)} carry load at all",)),
        ("eligible", count(len(ready)), (listed((row.name for row in ready), "no gate"), "a person signs off")),
        ("expected", count(len(ready) + len(soon)),
         (by, f"{count(len(ready))} if signed off, {count(len(soon))} more if their weeks hold")),
        ("waiting", waiting, (over, f"not counted: {_counted(len(unknown), 'system')}" if unknown else "")),
    )  # fmt: skip


def stage_head(brief: PromotionsBrief, name: str) -> str:
    """Return how many systems stand in a stage."""
    return _counted(sum(row.stage == name for row in brief.rows), "system")


def unplaced(brief: PromotionsBrief, stages: Sequence[str]) -> tuple[str, ...]:
    """Return what stands beside the ladder: retired systems, and those without a recorded stage."""
    lost = [row.name for row in brief.rows if row.stage not in stages]
    said = [f"Retired: {listed(row.name for row in brief.retired)}."] if brief.retired else []
    return (*said, sentence(f"no stage is recorded: {listed(lost)}")) if lost else tuple(said)


def _counted(number: int, noun: str) -> str:
    return f"{count(number)} {noun}{'' if number == 1 else 's'}"
