"""The policy bench in words: what another policy would have said, its chances, and what is at stake."""

from datetime import date

from readout.briefs.results import Finding, GateCard
from readout.briefs.results_gates import BenchSide, PolicyBenchBrief, Stakes
from readout.gates.bench import HORIZON, LONGEST, RUNS, Odds, Trial
from readout.gates.policy import PERCENTILES
from readout.marked_yaml import Fault
from readout.words.dates import day
from readout.words.gates import EVIDENCE_RULES, condition_name_of, gate_state, step
from readout.words.names import sentence
from readout.words.numbers import count, duration, hours, plain

CHOOSE = "Gate"
UNKNOWN = "There is no gate of this name"
EDIT = "Policy text"
EDIT_HELP = "Change a line and leave the field, or press Ctrl+Enter. Nothing is saved."
RESET = "Back to the registered text"
DOWNLOAD = "Download as YAML"
REGISTERED = "Registered"
TRIED = "This text"
SAME = "Registered, and this text"
REFUSED = "This text is refused"
REFUSED_STEP = "Correct the lines named here; the registered policy stays in force."
ONCE_READ = "Shown once the text can be read."
FIRST_WEEK = "First week that would have passed"
NO_WEEK = "none of these weeks"
WATCHED = "the system is past this gate, which only watches"
CHANGES = {
    "loosened": "This text is looser than the registered policy, or cannot be proved tighter: once adopted it starts "
    "afresh, with streak and evidence at zero.",
    "tightened": "This text is tighter than the registered policy: adopted, it keeps the weeks that still satisfy it.",
    "same": "What it takes to pass is the same as in the registered policy.",
}
REMARKS = "What will surprise"
HINT = "Change a line of the text: what the changed policy would have said appears here, beside the registered one."
NEXT_STEP = (
    "To adopt it: download the text, put it into the gates folder of the portfolio in place of the file that holds "
    "this gate, and have it approved like any change. What is shown here is what it would have said, had it been in "
    "force."
)
ESTIMATED = (
    "No refresh has counted the tasks under {lines} yet. They are counted here from the histogram, at most 1% of the "
    "line too few; once the gate is registered, the next full refresh counts them exactly."
)
WEEKS_NOTE = (
    "Both policies are judged on the same closed weeks of the release in service, by the same engine. The daily watch "
    "is left out on both sides."
)
ODDS_NOTE = (
    f"{count(RUNS)} simulated runs of {LONGEST} weeks with one true rate and today's number of observations a week, "
    "the same weeks for every rule; states and evidence come from the gate engine. A share of runs is within 2 points "
    "of the truth, 19 times in 20. Breach, cooldown and limits of the policy apply. Only this one line is simulated: "
    f"other required lines can only lower these chances. A promotion is one within {HORIZON} weeks; the median is over "
    "all runs."
)
STAKES_NOTE = (
    "Tasks a week: completed by AI and people together. Waiting: (load after the pass − load now) × tasks × (hands-on "
    "time of people − of AI), on the mix of task types that people do now, for types with at least five tasks on both "
    "sides. Being wrong: (line − true rate) × tasks × load after the pass: what comes on top of a system exactly on "
    "its line. Hours are hours of work, not money."
)
NO_TASKS = "nothing was completed in a whole week of this stage"
NO_NEXT_LOAD = "the policy names no load after a pass (on_pass: load_share)"
NO_GAP = "people and AI have not both a handling time for one type of task in these weeks"
NO_SHARE = "no required share or percentile with a plain line has observations"
NEVER_PASSES = "This policy has no consecutive_weeks: it watches and never passes, whatever the evidence rule."
NOT_KNOWN = (
    "Not known, and so not added up: what one such task costs, how often people are wrong on the same work, and what "
    "the hours are worth."
)
RULES = {
    "point": ("Raw rule", "point: unprotected"),
    "weekly_bound": ("Weekly bound", "each week's bound clears the line"),
    "pooled": ("Pooled bound", "the bound over the weeks in a row"),
    "always_valid": ("Always valid", "e-value, may be looked at weekly"),
}
ODDS_HEAD = ("Evidence rule", "")
STAKES_HEADS = (("Per week", ""), ("Size", ""), ("How", ""))
BELOW = "below the line: a promotion is false"
ON_THE_LINE = "on the line: a promotion is false"
ABOVE = "above the line"
CHOSEN = "this policy"


def nothing() -> Finding:
    """Return the sentence where no gate can be tried."""
    return Finding("No gate is declared, so there is no policy to try.")


def finding(brief: PolicyBenchBrief) -> Finding:
    """Return what the policy that is tried says beside the registered one."""
    if brief.registered is None:
        return nothing()
    name = title(brief.registered.card)
    if brief.faults:
        n = len(brief.faults)
        first = next((f", the first in line {one.line}" for one in brief.faults if one.line), "")
        said = f"{name}: this text is refused for {counted(n, 'fault')}{first}"
        return Finding(f"{said}; the registered policy says {state(brief.registered.card)}.", "bad")
    if brief.tried is None:
        return Finding(f"{name}: there are no weeks to try a policy on.")
    now, then = (state(one.card) for one in (brief.registered, brief.tried))
    if not brief.changed:
        return Finding(
            f"{name}: the registered policy says {now} after {weeks(brief.registered)}; {on_the_line(brief)}."
        )
    same = f"this policy says {then}, as the registered one does" if now == then else (
        f"this policy says {then}, the registered one {now}"
    )  # fmt: skip
    return Finding(f"{name}: after {weeks(brief.tried)} {same}; {on_the_line(brief)}.")


def title(card: GateCard) -> str:
    """Return a gate in words: Routing engine, from partial to full."""
    return f"{card.system_name}, {step(card.from_stage, card.to_stage)}"


def state(card: GateCard) -> str:
    """Return a gate's state inside a sentence."""
    return gate_state(card.state)[0].lower()


def weeks(side: BenchSide) -> str:
    """Return how many closed weeks a policy was tried on."""
    return counted(side.closed, "closed week")


def counted(n: int, what: str) -> str:
    """Return 1 closed week, 2 closed weeks."""
    return f"{count(n)} {what}{'' if n == 1 else 's'}"


def on_the_line(brief: PolicyBenchBrief) -> str:
    """Return how often a system exactly on its line would be promoted, or that it cannot be said."""
    own = chosen_odds(brief)
    if brief.trial is None:
        return f"its chances cannot be simulated: {NO_SHARE}"
    if not own:
        return "it watches and never passes"
    at = next(one for one in own if one.rate == brief.trial.line)
    name = condition_name_of(brief.trial.metric.name).lower()
    return f"a system exactly on the {name} line would be promoted in {chance(at.promoted)} of {HORIZON}-week periods"


def chosen_odds(brief: PolicyBenchBrief) -> list[Odds]:
    """Return the chances of the policy's own evidence rule."""
    rule = brief.policy.decide.evidence if brief.policy else ""
    return [one for one in brief.odds if one.rule == rule]


def chance(share: float) -> str:
    """Return a simulated chance with no more digits than the simulation carries."""
    if share < 0.005:  # noqa: PLR2004 - would round to none
        return "under 1%"
    return "over 99%" if share > 0.995 else f"{plain(share * 100)}%"  # noqa: PLR2004 - would round to all


def median_weeks(one: Odds) -> str:
    """Return the median until a promotion."""
    return f"median {counted(one.weeks, 'week')}" if one.weeks else f"median over {LONGEST} weeks"


def rate_head(trial: Trial, rate: float) -> tuple[str, str]:
    """Return a column's heading: the true rate, and where it lies."""
    name = condition_name_of(trial.metric.name)
    place = ON_THE_LINE if rate == trial.line else ABOVE if rate > trial.line else BELOW
    if trial.metric.statistic in PERCENTILES:
        return f"{share_text(rate)} within {plain(trial.rule.value)} {trial.metric.unit}", place
    return f"{name} truly {share_text(trial.shown(rate))}", place


def share_text(share: float) -> str:
    """Return a rate as people say it: 85%, 98.4%."""
    return f"{plain(share * 100, 1).removesuffix('.0')}%"


def odds_said(trial: Trial) -> str:
    """Return what is simulated, over the table."""
    name = condition_name_of(trial.metric.name).lower()
    few = ""
    if trial.n < trial.metric.min_n:
        few = f" The policy asks for {count(trial.metric.min_n)}: every week is held for too few, and none can pass."
    return (
        f"Chance to be promoted within {HORIZON} weeks, and the median until then, at the {count(trial.n)} "
        f"observations a week that this system gives for {name}.{few}"
    )


def rule_name(rule: str, chosen: str) -> tuple[str, str]:
    """Return an evidence rule, and what it is."""
    name, below = RULES[rule]
    return name, f"{below}; {CHOSEN}" if rule == chosen else below


def evidence_rule(card: GateCard) -> str:
    """Return the evidence rule of a card in words."""
    return EVIDENCE_RULES[card.evidence_rule]


def first_pass(side: BenchSide) -> str:
    """Return the first week that would have passed."""
    if side.card.phase == "watched":
        return WATCHED
    return _week_of(side.first_pass) if side.first_pass else NO_WEEK


def _week_of(when: date) -> str:
    return f"week of {day(when)}"


def fault(one: Fault) -> str:
    """Return a fault with its line."""
    return f"line {one.line}: {one.message}" if one.line else one.message


def stakes_rows(stakes: Stakes, trial: Trial | None) -> list[tuple[str, str, str]]:
    """Return what waiting and being wrong cost as rows: what, how much, how."""
    why = dict(stakes.unknown)
    rows = [_waiting(stakes, why)]
    if not stakes.wrong or trial is None:
        unknown = why.get("tasks") or why.get("wrong") or why.get("share_next", "")
        return [*rows, ("Being wrong", "not known", sentence(unknown))]
    name = condition_name_of(trial.metric.name).lower()
    for kind, rate, tasks in stakes.wrong:
        at = share_text(trial.shown(rate))
        where = f"at the breach line, {at}" if kind == "breach" else f"at {at}, short of the line"
        how = (
            f"({share_text(max(trial.line, rate))} − {share_text(rate)}) × {count(round(stakes.tasks or 0))} tasks × "
            f"{share_text(stakes.share_next or 0)} load"
        )
        rows.append((f"Being wrong: {name} truly {where}", f"{count(round(tasks))} more {bad(trial)}", how))
    return rows


def _waiting(stakes: Stakes, why: dict[str, str]) -> tuple[str, str, str]:
    what = "Waiting: work that the next stage would take over"
    if stakes.hours is None or stakes.gap is None or stakes.share_next is None or stakes.share_now is None:
        return what, "not known", sentence("; ".join(why[key] for key in ("tasks", "share_next", "gap") if key in why))
    if stakes.share_next <= stakes.share_now:
        return (
            what,
            "0 h",
            f"AI carries {share_text(stakes.share_now)} already, the pass allows {share_text(stakes.share_next)}",
        )
    left = f"; {plain(stakes.gap.left_out * 100)}% of people's work is of types that AI has hardly done" if (
        stakes.gap.left_out >= 0.01  # noqa: PLR2004 - less is not worth a word
    ) else ""  # fmt: skip
    how = (
        f"({share_text(stakes.share_next)} − {share_text(stakes.share_now)}) × {count(round(stakes.tasks or 0))} tasks "
        f"× ({duration(stakes.gap.people)} by people − {duration(stakes.gap.ai)} with AI){left}"
    )
    return what, hours(stakes.hours), how


def bad(trial: Trial) -> str:
    """Return what a bad observation is called."""
    if trial.metric.statistic in PERCENTILES:
        return "tasks beyond the line"
    return "wrong tasks" if trial.metric.name in {"accuracy", "resolution_accuracy"} else "tasks that count against it"


def basis(stakes: Stakes) -> str:
    """Return what the costs rest on."""
    return f"Means of the last {counted(stakes.weeks, 'whole week')} of this stage. {NOT_KNOWN}"
