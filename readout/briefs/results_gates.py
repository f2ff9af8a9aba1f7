"""What the policy bench and gate health hand to their pages: frozen results, numbers unrounded, nothing formatted."""

from dataclasses import dataclass
from datetime import date

from readout.briefs.results import Finding, GateCard, Header
from readout.briefs.results_system import IncidentRow
from readout.gates.bench import HandlingGap, Odds, Trial
from readout.gates.changes import Change
from readout.gates.health import Care
from readout.gates.policy import Gate
from readout.gates.stalls import Stall
from readout.marked_yaml import Fault


@dataclass(frozen=True)
class BenchSide:
    """What one policy says on the past weeks: as a card without the daily watch, and the first week that passes."""

    card: GateCard
    closed: int  # weeks that counted
    first_pass: date | None


@dataclass(frozen=True)
class Stakes:
    """What waiting and being wrong cost a week. None: not known, and `unknown` says why, by the name of the field.

    `tasks`: completed by AI and people a week; shares are fractions of these; `gap`: hands-on time of people and AI;
    `hours`: spent by people on what the next stage would take over; `wrong`: true rate of good ones, and bad tasks a
    week beyond those that the line allows at the next load.
    """

    weeks: int
    tasks: float | None = None
    share_now: float | None = None
    share_next: float | None = None
    gap: HandlingGap | None = None
    hours: float | None = None
    wrong: tuple[tuple[str, float, float], ...] = ()  # breach or below, rate, tasks
    unknown: tuple[tuple[str, str], ...] = ()

    @property
    def why_no_hours(self) -> str:
        """Why it cannot be said what waiting costs, '' where nothing is in the way."""
        return "; ".join(dict.fromkeys(why for name, why in self.unknown if name != "wrong"))


@dataclass(frozen=True)
class PolicyBenchBrief:
    """A policy tried on past weeks beside the registered one. `choices`: name, system, stages of every gate."""

    header: Header
    finding: Finding
    choices: tuple[tuple[str, str, str, str], ...]
    gate: str = ""
    registered_text: str = ""
    text: str = ""
    registered: BenchSide | None = None
    tried: BenchSide | None = None  # None where the text is refused
    policy: Gate | None = None  # that is tried
    change: Change = "same"  # of what it takes to pass, against the registered policy
    faults: tuple[Fault, ...] = ()
    remarks: tuple[str, ...] = ()
    estimated: tuple[str, ...] = ()  # lines that no refresh has counted: 280 ms
    trial: Trial | None = None
    odds: tuple[Odds, ...] = ()
    stakes: Stakes | None = None
    unknown: str = ""

    @property
    def changed(self) -> bool:
        """Whether the policy that is tried is another one than the registered, whatever its spelling."""
        return bool(self.registered and self.tried and self.registered.card.policy_hash != self.tried.card.policy_hash)


@dataclass(frozen=True)
class GateHealthRow:
    """One gate, or a system without one (`gate` ""), and what asks for care. Weeks are closed ones of the view."""

    gate: str
    system_id: str
    system_name: str
    from_stage: str
    to_stage: str
    phase: str
    cares: tuple[Care, ...]
    owner: str = ""
    approver: str = ""
    known: tuple[bool | None, bool | None] = (None, None)  # owner and approver: in the registry, gone, cannot be known
    weeks: int = 0
    by_state: tuple[tuple[str, int], ...] = ()
    last: date | None = None  # last closed week
    evidence_rule: str = ""
    review_by: date | None = None


@dataclass(frozen=True)
class GateHealthBrief:
    """Every gate and every system without one, those first that need care."""

    header: Header
    finding: Finding
    rows: tuple[GateHealthRow, ...]
    people_listed: bool  # whether the registry names people so that one can see who is gone
    waivers_known: bool  # whether waivers were handed in


@dataclass(frozen=True)
class StallRow:
    """One system and what shows that it stalls; `stalls` in the order of the four ways."""

    system_id: str
    system_name: str
    stage: str
    weeks_in_stage: int | None
    stalls: tuple[Stall, ...]
    owner: str = ""


@dataclass(frozen=True)
class StallsBrief:
    """Every system against the four ways, those with the most first."""

    header: Header
    finding: Finding
    rows: tuple[StallRow, ...]


@dataclass(frozen=True)
class GateBrief:
    """One gate's own page. `choices`: name, system, from stage, to stage of every gate."""

    header: Header
    finding: Finding
    choices: tuple[tuple[str, str, str, str], ...]
    card: GateCard | None
    incidents: tuple[IncidentRow, ...]
    policy: Gate | None
    unknown: str = ""
