"""One system, from the answer down: who and what it is, its weeks, its targets, its workflow, all that is known."""

from collections.abc import Iterable

from readout import charts, words
from readout.briefs.results import GateCard, Header
from readout.briefs.results_system import IncidentRow, MetricRow, ReleaseRow, StageSpan, SystemProfile, TargetRow
from readout.portfolio import Connection, System
from readout.ui import gate as gate_card
from readout.ui import link, markup, page_tables, section, spark, system_flow, system_notice, tables
from readout.ui.markup import escape
from readout.ui.system_choice import columns

_LONGEST = 12  # rows of releases or incidents; the rest is counted


def identity(profile: SystemProfile) -> None:
    """Draw what the system is, under the finding: its summary and a few facts."""
    summary = f"<p>{escape(profile.registry.summary)}</p>" if profile.registry and profile.registry.summary else ""
    facts = "".join(
        f"<div><span>{escape(head)}</span>{escape(text)}</div>"
        for head, text in words.system.identity(profile, profile.axis.now)
    )
    markup.show(f'<div class="r r-identity">{summary}<div class="r-facts">{facts}</div></div>')
    if profile.registry is None:
        system_notice.banner(words.system.UNREGISTERED, words.system.unregistered(profile.system_id))


def axis(profile: SystemProfile, header: Header) -> None:
    """Draw the time axis; where nothing was recorded, say so."""
    if not profile.recorded:
        system_notice.show(words.system.never_recorded())
        return
    if profile.silent:
        system_notice.silent(header)
    section.title("time_axis", header, ("ai_share",))
    drawn = charts.time_axis(profile.axis)
    section.chart("time_axis", drawn)
    section.note("" if drawn.empty else words.system.AXIS_KEY)


# --- what it has to reach --------------------------------------------------------------------------------------------


def targets(profile: SystemProfile, header: Header) -> None:
    """Draw the registry's targets with what they are now."""
    section.title(
        "targets",
        header,
        {row.figure.metric: None for row in profile.targets if row.figure},
        words.signals.FORECAST_NOTE,
    )
    if not profile.targets:
        tables.remark(words.system.NO_TARGETS)
        return
    rows = [_target(row) for row in profile.targets]
    tables.show(columns(words.system.TARGET_HEADS), rows, words.SECTIONS["targets"][0])


def _target(row: TargetRow) -> list[str]:
    name = tables.name(words.system.target_name(row), words.system.target_rule(row))
    state = tables.state(words.system.target_state(row), words.system.target_remark(row))
    if row.figure is None or row.figure.value is None:
        return [name, tables.number("throughput", None), state]
    value = escape(words.value(row.figure))
    basis = words.system.target_basis(row)
    return [name, f"{value}<small>{escape(basis)}</small>" if basis else value, state]


def gates(profile: SystemProfile, header: Header) -> None:
    """Draw the system's gates in short, with the way to their conditions."""
    section.title("system_gates", header, note=words.GATES_NOTE)
    if not profile.gates:
        tables.remark(words.system.NO_GATES_HERE)
        return
    rows = [
        [
            _gate_name(gate, header),
            tables.state(words.gate_state(gate.state), words.sentence(gate.sentence)),
            _long(words.sentence(words.gate_steps.next_step(gate))),
        ]
        for gate in profile.gates
    ]
    tables.show(columns(words.system.GATE_HEADS), rows, words.SECTIONS["system_gates"][0])
    way = link.page("gates", words.system.TO_GATES, header.scope, profile.system_id)
    markup.show(f'<p class="r r-note">{way}</p>')


def _gate_name(gate: GateCard, header: Header) -> str:
    """Return a gate's step as the way to its page, with its weeks and how far they are from enough."""
    step = words.sentence(words.step(gate.from_stage, gate.to_stage)).rstrip(".")
    href = gate_card.address(gate.gate, header.scope)
    below = "; ".join(part for part in (words.weeks_met(gate), words.gates.still_needed(gate)) if part)
    return f'<b><a class="r-link" href="{escape(href)}">{escape(step)}</a></b><small>{escape(below)}</small>'


def stages(profile: SystemProfile, header: Header) -> None:
    """Draw the stages, planned ones first, with what AI carried in each."""
    section.title("stages", header, ("ai_share",))
    if not profile.stages:
        tables.remark(words.system.NO_STAGES)
        return
    now = profile.axis.now
    shown = [_stage(span, current=span == profile.stage, profile=profile) for span in profile.stages]
    tables.show(columns(words.system.STAGE_HEADS), shown, words.SECTIONS["stages"][0])
    if all(span.planned and span.starts <= now for span in profile.stages):
        tables.remark(words.system.NOT_DECIDED)


def _stage(span: StageSpan, profile: SystemProfile, *, current: bool) -> list[str]:
    now = profile.axis.now
    share, remark, tone = words.system.running(span)
    below = f'<small class="r-{tone}">{escape(remark)}</small>' if remark else ""
    name = words.stage(span.stage)
    said = words.system.IN_FORCE if current and not span.planned else words.system.PLANNED if span.planned else ""
    return [
        tables.name(name, said),
        _share(span.load_share),
        f"{escape(share)}{below}",
        _share(span.review_rate),
        _whole(words.day(span.starts)),
        tables.text(words.system.in_stage(span, now, decided=not all(one.planned for one in profile.stages))),
        tables.text(span.decided_by or words.system.UNKNOWN_DAY),
        _long(words.sentence(span.reason) or words.system.UNKNOWN_DAY, span.milestone),
    ]


def _whole(text: str) -> str:
    """Return a day that is never broken over lines."""
    return f'<span class="r-whole">{escape(text)}</span>'


def _long(text: str, below: str = "") -> str:
    """Return words that keep a readable width on a phone, where the table scrolls."""
    return tables.long(text, below)


def _share(value: float | None) -> str:
    return (
        tables.number("ai_share", None)
        if value is None
        else page_tables.stated(escape(words.system.whole_percent(value)), value, "share")
    )


# --- what it is ------------------------------------------------------------------------------------------------------


def workflow(profile: SystemProfile, header: Header) -> None:
    """Draw the workflow before and now."""
    if profile.registry is None:
        return
    section.title("workflow", header)
    if profile.before or profile.after:
        system_flow.show(profile.before, profile.after)
    else:
        tables.remark(words.system.NO_WORKFLOW)


def answerable(profile: SystemProfile, header: Header) -> None:
    """Draw owners, sign-offs, fallback and rollback, each missing one as missing."""
    known = profile.registry
    if known is None:
        return
    section.title("answerable", header)
    panels = (
        (words.system.OWNERS_TITLE, _owners(known)),
        (words.system.SIGN_OFFS_TITLE, _sign_offs(known)),
        (words.system.SAFETY_TITLE, _safety(known)),
    )
    drawn = "".join(f"<section><h3>{escape(title)}</h3>{_facts(facts)}</section>" for title, facts in panels)
    markup.show(f'<div class="r r-panels">{drawn}</div>')


def _owners(known: System) -> list[tuple[str, str, bool]]:
    return [
        (head, getattr(known.owners, role) or words.system.NOT_NAMED, bool(getattr(known.owners, role)))
        for role, head in words.system.OWNERS.items()
    ]


def _sign_offs(known: System) -> list[tuple[str, str, bool]]:
    found = []
    for area, head in words.system.SIGN_OFFS.items():
        signed = getattr(known.governance, area)
        text = words.system.signed(signed.by, words.day(signed.on)) if signed else words.system.NOT_SIGNED
        found.append((head, text, signed is not None))
    return found


def _safety(known: System) -> list[tuple[str, str, bool]]:
    return [
        (head, text or words.system.NOT_DESCRIBED, bool(text))
        for head, text in ((words.system.FALLBACK, known.fallback), (words.system.ROLLBACK, known.rollback))
    ]


def _facts(facts: Iterable[tuple[str, str, bool]]) -> str:
    """Return a definition list; what is missing stands in grey with an open mark."""
    said = "".join(
        f'<dt>{escape(head)}</dt><dd class="{"" if known else "r-absent"}">{escape(text)}</dd>'
        for head, text, known in facts
    )
    return f"<dl>{said}</dl>"


def connections(profile: SystemProfile, header: Header) -> None:
    """Draw data sources and hooks with their kind and cadence."""
    if profile.registry is None:
        return
    section.title("connections", header)
    rows = [
        _connection(one, what)
        for what, found in (
            (words.system.SOURCES, profile.registry.data_sources),
            (words.system.HOOKS, profile.registry.hooks),
        )
        for one in found
    ]
    if rows:
        tables.show(columns(words.system.CONNECTION_HEADS), rows, words.SECTIONS["connections"][0])
    else:
        tables.remark(words.system.NO_CONNECTIONS)


def _connection(one: Connection, what: str) -> list[str]:
    said = (words.sentence(part).rstrip(".") or words.system.UNKNOWN_DAY for part in (one.kind, one.cadence, one.note))
    kind, cadence, note = said
    return [
        tables.name(words.sentence(one.name).rstrip("."), what),
        tables.text(kind),
        tables.text(cadence),
        _long(note),
    ]


def modules(profile: SystemProfile, header: Header) -> None:
    """Draw the reusable modules, each with the other systems that use it."""
    if profile.registry is None:
        return
    section.title("modules", header)
    if not profile.modules:
        tables.remark(words.system.NO_MODULES)
        return
    drawn = ""
    for module in profile.modules:
        others = [link.system(system, name, header.scope) for system, name in module.others.items()]
        where = f"{escape(words.system.ALSO_IN)} {', '.join(others)}" if others else escape(words.system.ONLY_HERE)
        drawn += f"<li><b>{escape(words.sentence(module.name).rstrip('.'))}</b><span>{where}</span></li>"
    markup.show(f'<div class="r"><ul class="r-modules">{drawn}</ul></div>')


# --- everything that is measured -------------------------------------------------------------------------------------


def metrics(profile: SystemProfile, header: Header) -> None:
    """Draw every metric, by group; what is not measurable says why and how to mend it."""
    if not profile.recorded:
        return
    section.title("all_metrics", header, [row.figure.metric for row in profile.metrics])
    rows, group, common = [], "", words.system.common_gap(profile.metrics)
    for row in profile.metrics:
        if row.group != group:
            group = row.group
            rows.append([f'<span class="r-group">{escape(words.system.GROUPS[group])}</span>'])
        rows.append(_metric(row, header, common))
    heads = words.system.metric_heads(words.versus(header))
    tables.show(columns(heads), rows, words.SECTIONS["all_metrics"][0])
    section.note(words.system.no_change(common) if header.before is not None else "")


def _metric(row: MetricRow, header: Header, common: str) -> list[str]:
    found = row.figure
    name = f"<b>{escape(words.label(row.figure.metric))}</b>"
    if found.value is None:
        fix = ""
        if row.missing:
            way = link.page("health", words.system.DATA_HEALTH, header.scope, header.scope.systems[0])
            fix = f" {escape(words.system.fix(row))} {way}."
        return [name, f'<span class="r-muted r-small">{escape(words.system.no_value(row))}{fix}</span>']
    under = words.system.interval(found)
    value = escape(words.value(found)) + (f"<small>{escape(under)}</small>" if under else "")
    before = tables.number(found.metric, found.before, found.currency)
    moved = ""
    if header.before is not None:
        change = words.figure_change(found)
        said_once = found.before is None and change.text == common
        moved = tables.moved(words.Change("")) if said_once else tables.moved(change)
    held = "".join(f"<small>{escape(text)}</small>" for text in words.system.against(row))
    shape = spark.line(found.series, words.spark(found, header)) if found.series else ""
    count = tables.number("throughput", found.n)
    return [name, value, before if header.before is not None else "", moved, count, held, shape]


def releases(profile: SystemProfile, header: Header) -> None:
    """Draw the releases, newest first."""
    section.title("releases", header)
    if not profile.releases:
        tables.remark(words.system.NO_RELEASES)
        return
    rows = [_release(row, profile) for row in profile.releases[:_LONGEST]]
    tables.show(columns(words.system.RELEASE_HEADS), rows, words.SECTIONS["releases"][0])
    _rest(len(profile.releases), words.SECTIONS["releases"][0].lower())


def _release(row: ReleaseRow, profile: SystemProfile) -> list[str]:
    served = words.system.weeks_between(row.starts, row.ends or profile.axis.now)
    versions = ", ".join(part for part in (row.prompt, row.routing) if part)
    return [
        tables.name(row.release_id, words.system.IN_SERVICE if row.ends is None else ""),
        _whole(words.day(row.starts)),
        tables.text(served),
        tables.text(words.system.change_class(row.change_class)),
        tables.text(row.model or words.system.UNKNOWN_DAY),
        tables.text(versions or words.system.UNKNOWN_DAY),
        _long(words.sentence(row.note)),
    ]


def incidents(profile: SystemProfile, header: Header) -> None:
    """Draw the incidents, newest first."""
    section.title("incidents", header)
    if not profile.incidents:
        tables.remark(words.system.NO_INCIDENTS)
        return
    rows = [_incident(row) for row in profile.incidents[:_LONGEST]]
    tables.show(columns(words.system.INCIDENT_HEADS), rows, words.SECTIONS["incidents"][0])
    _rest(len(profile.incidents), words.SECTIONS["incidents"][0].lower())


def _incident(row: IncidentRow) -> list[str]:
    tone = "bad" if row.ends is None else "neutral"
    return [
        tables.name(words.system.incident_kind(row.kind), row.incident_id),
        _whole(words.stamp(row.starts)),
        f'<span class="r-{tone}">{escape(words.system.lasted(row))}</span>',
        _long(words.sentence(row.note)),
    ]


def _rest(number: int, what: str) -> None:
    if number > _LONGEST:
        tables.remark(words.sentence(words.system.earlier(number - _LONGEST, what)))
