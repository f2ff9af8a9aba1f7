"""Digests: what each role is told arrives once a period, as text and HTML with links, or not at all with its reason."""

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from readout import words
from readout.briefs import gates_brief, health_brief, open_book, readout_brief
from readout.briefs.book import Book
from readout.briefs.results import Scope
from readout.cli import app
from readout.portfolio import read_portfolio
from readout.reports.digests import Held
from readout.reports.digests.leadership import held_back, weekly
from readout.reports.digests.message import held, hypertext, plain, sent
from readout.reports.digests.operations import daily
from readout.settings import Settings
from readout.warehouse.errors import InputError
from readout.warehouse.reader import open_warehouse
from readout.words import digests as said
from readout.words.tiles import tile_label, tile_value
from tests.contract.receiver import Mailbox

BASE = "https://readout.example.com/ai"


@dataclass
class Desk:
    """A warehouse of its own, its book, and the command."""

    url: str
    book: Book

    def run(self, *arguments: str, mailbox: Mailbox | None = None, **settings: str) -> Any:
        environment = {"READOUT_WAREHOUSE_URL": self.url, **{f"READOUT_{k.upper()}": v for k, v in settings.items()}}
        if mailbox is not None:
            environment |= {"READOUT_SMTP_URL": f"smtp://{mailbox.place}", "READOUT_MAIL_FROM": "readout@example.com"}
        return CliRunner().invoke(app, ["digest", *arguments], env=environment)


@pytest.fixture(scope="module")
def desk(demo_url, tmp_path_factory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("digest") / "warehouse"
    shutil.copytree(Path(demo_url.removeprefix("duckdb:///")).parent, folder, symlinks=True)
    settings = Settings(warehouse_url=f"duckdb:///{folder / 'demo.duckdb'}")
    warehouse = open_warehouse(settings)
    yield Desk(settings.url, open_book(warehouse, read_portfolio(settings.portfolio_folder), settings))
    warehouse.close()


def parts_of(message) -> tuple[str, str]:
    bodies = {part.get_content_type(): part.get_content() for part in message.walk() if not part.is_multipart()}
    return bodies["text/plain"].replace("\r\n", "\n"), bodies["text/html"]


def test_leadership_gets_headline_figures_changes_and_decisions_once_a_week(desk):
    brief = readout_brief(desk.book, Scope())
    arguments = ["leadership", "--mail", "ceo@example.com", "--mail", "coo@example.com", "--json"]
    with Mailbox() as mailbox:
        first = desk.run(*arguments, mailbox=mailbox, public_url=BASE)
        assert first.exit_code == 0, first.output
        assert [one["state"] for one in json.loads(first.stdout)["receipts"]] == ["delivered", "delivered"]
        assert [message["To"] for message in mailbox.messages] == ["ceo@example.com", "coo@example.com"]
        again = desk.run(*arguments, mailbox=mailbox, public_url=BASE)
        assert (again.exit_code, len(mailbox.messages)) == (0, 2)
        more = desk.run("leadership", "--mail", "ceo@example.com", "--again", mailbox=mailbox, public_url=BASE)
        assert (more.exit_code, len(mailbox.messages)) == (0, 3)
    text, page = parts_of(mailbox.messages[0])
    assert re.match(r"Weekly digest, \d{4}-W\d\d ", mailbox.messages[0]["Subject"])
    for one in (brief.finding.sentence, *(row.name for row in (*brief.changes[:5], *brief.decisions))):
        assert one in text
        assert one in page
    for figure in brief.figures:
        value = tile_value(figure) if figure.value is not None else said.NO_FIGURE
        assert f"- {tile_label(figure.metric)}: {value}" in text
        assert value in page
    points = sum(line.startswith("- ") for line in text.splitlines())
    links = re.findall(r"https://\S+", text)
    assert len(links) == points + 1
    as_of = f"as_of={desk.book.as_of:%Y-%m-%dT%H}".replace(":", "%3A")
    assert all(link.startswith(f"{BASE}/") and as_of in link for link in links)
    assert set(re.findall(r'href="([^"]+)"', page)) == {link.replace("&", "&amp;") for link in links}
    assert not re.findall(r"<(?:img|script|link)\b|url\(", page)


def test_without_a_public_address_there_are_no_links_and_it_says_so(desk):
    digest = weekly(readout_brief(desk.book, Scope()), ())
    assert "http" not in plain(digest, None)
    assert "<a " not in hypertext(digest, None)
    assert said.NO_LINKS in plain(digest, None)
    assert said.NO_LINKS in hypertext(digest, None)


def test_stale_data_is_not_sent_and_its_owner_is_told(desk):
    early = (desk.book.as_of - timedelta(days=9)).isoformat()
    arguments = ["operations", "--mail", "ops@example.com", "--owner", "data@example.com", "--as-of", early, "--json"]
    with Mailbox() as mailbox:
        done = desk.run(*arguments, mailbox=mailbox)
    assert done.exit_code == 1
    [reason] = json.loads(done.stdout)["held_back"]
    assert "older than it may be" in reason
    [told] = mailbox.messages
    assert (told["To"], told["Subject"].split(":")[0]) == ("data@example.com", "Not sent")
    assert "older than it may be" in told.get_content()


def test_a_period_that_is_not_whole_is_held_back(desk):
    header = readout_brief(desk.book, Scope()).header
    assert list(held_back(replace(header, stale_hours=None))) == []
    early = replace(header, stale_hours=None, last_day=header.window.end - timedelta(days=3))
    assert [one.code for one in held_back(early)] == ["incomplete"]
    assert [one.code for one in held_back(replace(early, last_day=None, stale_hours=2.0), empty=True)] == [
        "stale", "incomplete", "empty",
    ]  # fmt: skip


def test_finance_gets_unit_cost_budget_close_and_reconciliation(desk):
    settled = desk.book.calendar.day_of(desk.book.as_of) - timedelta(days=8)
    month = (settled.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
    done = desk.run("finance", "--month", month, "--dry-run", public_url=BASE)
    assert done.exit_code == 0, done.output
    assert re.search(r"- All systems: €[\d.]+\n  [+−][\d.]+% on the period before", done.stdout)
    assert re.search(r"- All systems: €[\d,.]+ of a budget of €[\d,.]+, €[\d,.]+ (over|under)", done.stdout)
    assert re.search(r"- Close: Open", done.stdout)
    assert re.search(r"- Reconciliation: (PASS|FAIL)\n  ", done.stdout)
    assert f"{BASE}/reconciliation?as_of={month}-" in done.stdout
    running = desk.run("finance", "--month", desk.book.as_of.strftime("%Y-%m"), "--dry-run")
    assert running.exit_code == 1
    assert "is not complete" in running.stdout


def test_operations_is_told_of_gates_that_moved_what_broke_and_what_is_late(desk):
    board, health = gates_brief(desk.book, Scope()), health_brief(desk.book, Scope())
    before, after = board.gates[0], replace(board.gates[0], state="breach", streak=0)
    late = health.freshness.assign(state="stale").head(1)
    moved = replace(board, gates=(replace(after, review_by=datetime(2020, 1, 1).date()),))
    digest = daily(moved, replace(board, gates=(before,)), (), replace(health, freshness=late))
    gates, broken, overdue, sources = digest.parts
    assert [point.text.split(";")[0] for point in gates.points] == [
        f"{words.gate_state(before.state)[0]}, now Breached"
    ]
    assert [point.text for point in broken.points] == ["Breached"]
    assert "policy to be reviewed by 1 Jan 2020" in [point.text for point in overdue.points]
    assert [point.name for point in sources.points] == [late["source"].iloc[0]]
    quiet = daily(replace(board, gates=()), replace(board, gates=()), (), replace(health, freshness=late.head(0)))
    assert [part.nothing for part in quiet.parts if part.points] == []
    assert all(nothing in plain(quiet, None) for nothing in (said.NOTHING[said.GATES], said.NOTHING[said.LATE]))


def test_a_digest_is_one_message_for_a_period_and_address(desk):
    digest = weekly(readout_brief(desk.book, Scope()), ())
    again = replace(digest, lead="other words")
    assert sent(digest, "a@example.com", None).event_id == sent(again, "a@example.com", BASE).event_id
    assert sent(digest, "a@example.com", None).event_id != sent(digest, "b@example.com", None).event_id
    later = replace(digest, period="1999-W01")
    assert sent(digest, "a@example.com", None).event_id != sent(later, "a@example.com", None).event_id
    stale = [replace(digest, held=(Held("stale", text),)) for text in ("3 h too old", "4 h too old")]
    assert len({held(one, "a@example.com").event_id for one in stale}) == 1  # the owner is told once
    assert held(digest, "a@example.com").event_id != sent(digest, "a@example.com", None).event_id


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["leadership"], "add the team leadership to organisation.yaml"),
        (["leadership", "--mail", "nobody here"], "is no e-mail address and no team"),
        (["finance"], "READOUT_SMTP_URL"),
        (["operations", "--month", "2026-10", "--dry-run"], "--month is of the digest finance"),
        (["finance", "--month", "2026", "--dry-run"], "is no month"),
        (["finance", "--month", "october", "--dry-run"], "is no month"),
    ],
)
def test_what_cannot_be_sent_is_refused_in_words(desk, arguments, message):
    assert isinstance(found := desk.run(*arguments).exception, InputError)
    assert message in str(found)
