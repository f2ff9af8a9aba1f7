"""What leaves arrives at least once, under one id, signed; what became of it is derived from the attempts."""

import json
import logging
import ssl
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from readout.cli import app
from readout.delivery import Event, Receipt, Recipient, deliver, receipts, recipients, stable_id
from readout.settings import Settings
from readout.warehouse import outbox
from readout.warehouse.errors import BusyError
from readout.warehouse.journal import Journal, open_journal
from tests.contract.receiver import KEY, OLD_KEY, Mailbox, Receiver

GATE = "routing-engine/partial-to-full"
ANNA = "anna@example.com"
NOWHERE = "127.0.0.1:1"  # nobody listens there


def event(number: int = 1) -> Event:
    return Event(
        stable_id("gate.failed", GATE, f"2026-W{number:02}"),
        "gate.failed",
        GATE,
        datetime(2026, 3, 2, 9, 30),
        f"Routing engine: the gate failed in week {number}",
        "Accuracy was 0.71, the line is 0.75.\nLoad goes back to 25 %.",
        {"gate": GATE, "reason": "breach", "value": "0.71"},
    )


@pytest.fixture
def naps() -> list[float]:
    return []


@pytest.fixture
def desk(engine_url, naps) -> Iterator["Desk"]:
    with open_journal(Settings(warehouse_url=engine_url)) as journal:
        yield Desk(journal, engine_url, naps)


class Desk:
    """A journal, and a delivery that sleeps no longer than it takes to write down how long it would."""

    def __init__(self, journal: Journal, url: str, naps: list[float]) -> None:
        self.journal, self.url, self.naps = journal, url, naps

    def settings(self, **values: str) -> Settings:
        return Settings.model_validate({"warehouse_url": self.url, **values})

    def to(self, receiver: Receiver | str, **values: str) -> Settings:
        place = receiver if isinstance(receiver, str) else receiver.place
        return self.settings(webhook_urls=f"ops=http://{place}/hook", webhook_secret=KEY, **values)

    def by_mail(self, mailbox: Mailbox | str, scheme: str = "smtp", sign_in: str = "") -> Settings:
        place = mailbox if isinstance(mailbox, str) else mailbox.place
        return self.settings(smtp_url=f"{scheme}://{sign_in}{place}", mail_from="Readout <readout@example.com>")

    def enqueue(self, settings: Settings, *addresses: str, number: int = 1) -> bool:
        with self.journal.transaction() as connection:
            return outbox.enqueue(connection, event(number), recipients(settings, addresses))

    def deliver(self, settings: Settings, days_later: float = 0) -> list[Receipt]:
        later = timedelta(days=days_later)
        return list(deliver(self.journal, settings, clock=lambda: datetime.now(UTC) + later, sleep=self.naps.append))

    def rows(self, sql: str) -> list[tuple]:
        schema = "readout." if self.journal._engine.dialect.name == "postgresql" else ""
        with self.journal._engine.begin() as connection:
            result = connection.execute(sa.text(sql.replace("journal.", schema)))
            return [tuple(row) for row in result] if result.returns_rows else []


# --- webhooks --------------------------------------------------------------------------------------------------------


def test_a_webhook_arrives_once_signed_and_with_a_receipt(desk):
    with Receiver(202) as receiver:
        settings = desk.to(receiver)
        desk.enqueue(settings)
        [sent] = desk.deliver(settings)
        assert desk.deliver(settings) == []
    [body] = receiver.verified()
    assert body == {
        "type": "gate.failed",
        "timestamp": "2026-03-02T09:30:00Z",
        "data": {"subject": GATE, "title": event().title, "text": event().text, **event().data},
    }
    assert receiver.ids == [event().event_id]
    assert (sent.state, sent.attempts, sent.detail, sent.recipient) == (
        "delivered", 1, "HTTP 202", Recipient("webhook", "ops")
    )  # fmt: skip
    assert receipts(desk.journal, GATE) == (sent,)
    assert receipts(desk.journal, "another gate") == ()
    assert sent.event == event()


def test_a_receiver_that_is_down_for_a_moment_gets_the_same_id_again(desk, naps):
    with Receiver(503, 500) as receiver:
        settings = desk.to(receiver)
        desk.enqueue(settings)
        [sent] = desk.deliver(settings)
    assert receiver.ids == [event().event_id] * 3
    assert len(receiver.verified()) == 3
    assert (sent.state, sent.attempts, sent.detail) == ("delivered", 1, "HTTP 204, 3 tries")
    assert 1 <= naps[0] <= 2 <= naps[1] <= 3


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_what_may_pass_is_retried_and_then_left_to_the_next_run(desk, naps, status):
    with Receiver(*[status] * 4) as receiver:
        settings = desk.to(receiver)
        desk.enqueue(settings)
        [failing] = desk.deliver(settings)
        assert (failing.state, failing.detail) == ("failing", f"HTTP {status}, 4 tries")
        assert failing.failing_since == failing.last_attempt
        assert len(naps) == 3
        [sent] = desk.deliver(settings)
    assert (sent.state, sent.attempts, sent.failing_since) == ("delivered", 2, None)
    assert len(receiver.verified()) == 5


@pytest.mark.parametrize("status", [301, 400, 401, 404, 410, 413])
def test_a_refusal_is_not_retried_in_the_run_but_in_the_next(desk, naps, status):
    with Receiver((status, {"location": "/elsewhere"})) as receiver:
        settings = desk.to(receiver)
        desk.enqueue(settings)
        [failing] = desk.deliver(settings)
        assert (failing.state, failing.detail, naps, len(receiver.requests)) == ("failing", f"HTTP {status}", [], 1)
        [sent] = desk.deliver(settings)
    assert sent.state == "delivered"


def test_retry_after_is_waited_for_where_it_is_short(desk, naps):
    with Receiver((429, {"retry-after": "7"})) as receiver:
        settings = desk.to(receiver)
        desk.enqueue(settings)
        assert desk.deliver(settings)[0].state == "delivered"
    assert naps == [7]


def test_retry_after_is_left_to_a_later_run_where_it_is_long(desk, naps):
    with Receiver((503, {"retry-after": "3600"})) as receiver:
        settings = desk.to(receiver)
        desk.enqueue(settings)
        [failing] = desk.deliver(settings)
    assert (failing.detail, naps, len(receiver.requests)) == ("HTTP 503", [], 1)


def test_a_dead_receiver_is_tried_hard_once_a_run(desk, naps):
    settings = desk.to(NOWHERE)
    desk.enqueue(settings, number=1)
    desk.enqueue(settings, number=2)
    first, second = desk.deliver(settings)
    assert first.detail == "ConnectError: [Errno 111] Connection refused, 4 tries"
    assert second.detail == "ConnectError: [Errno 111] Connection refused"
    assert len(naps) == 3


def test_one_recipient_that_fails_keeps_no_other_from_being_told(desk):
    with Receiver() as receiver, Mailbox() as mailbox:
        settings = desk.settings(
            webhook_urls=f"gone=http://{NOWHERE} ops=http://{receiver.place}", webhook_secret=KEY,
            smtp_url=f"smtp://{mailbox.place}", mail_from="readout@example.com",
        )  # fmt: skip
        desk.enqueue(settings, ANNA)
        states = {receipt.recipient.target: receipt.state for receipt in desk.deliver(settings)}
    assert states == {"gone": "failing", "ops": "delivered", ANNA: "delivered"}


def test_while_a_key_is_changed_both_sign(desk):
    with Receiver() as receiver:
        settings = desk.to(receiver).model_copy(
            update={"webhook_secret": desk.settings(webhook_secret=f"{KEY} {OLD_KEY}").webhook_secret}
        )
        desk.enqueue(settings)
        desk.deliver(settings)
    assert receiver.verified(KEY) == receiver.verified(OLD_KEY)


# --- e-mail ----------------------------------------------------------------------------------------------------------


def test_an_e_mail_is_plain_and_readable_and_goes_to_each_address(desk):
    with Mailbox() as mailbox:
        settings = desk.by_mail(mailbox)
        desk.enqueue(settings, ANNA, "bert@example.com", ANNA)
        sent = desk.deliver(settings)
        assert desk.deliver(settings) == []
    assert [(one.state, one.detail) for one in sent] == [("delivered", "accepted by 127.0.0.1")] * 2
    to_anna, to_bert = mailbox.messages
    assert (to_anna["Subject"], to_anna["From"], to_anna["To"]) == (
        event().title, "Readout <readout@example.com>", ANNA
    )  # fmt: skip
    assert to_anna["X-Envelope"] == "readout@example.com -> anna@example.com"
    assert to_anna.get_content_type() == "text/plain"
    assert to_anna.get_content().split() == event().text.split()
    assert to_anna["Message-ID"] == to_bert["Message-ID"]
    assert to_anna["Message-ID"].endswith("@example.com>")


def test_an_address_that_is_refused_waits_for_the_next_run(desk, naps):
    with Mailbox("550 no such user") as mailbox:
        settings = desk.by_mail(mailbox)
        desk.enqueue(settings, ANNA)
        [failing] = desk.deliver(settings)
        assert (failing.state, failing.detail, naps) == ("failing", "SMTP 550: no such user", [])
        assert desk.deliver(settings)[0].state == "delivered"


def test_a_mail_server_that_asks_for_patience_is_asked_again(desk, naps):
    with Mailbox("451 greylisted", "421 busy") as mailbox:
        settings = desk.by_mail(mailbox)
        desk.enqueue(settings, ANNA)
        [sent] = desk.deliver(settings)
    assert (sent.state, sent.detail, len(naps)) == ("delivered", "accepted by 127.0.0.1, 3 tries", 2)


def test_a_mail_server_that_is_not_there_is_asked_again(desk, naps):
    settings = desk.by_mail(NOWHERE)
    desk.enqueue(settings, ANNA)
    [failing] = desk.deliver(settings)
    assert failing.detail == "ConnectionRefusedError: [Errno 111] Connection refused, 4 tries"


def test_no_mail_goes_in_clear_where_starttls_is_asked_for(desk, naps):
    with Mailbox() as mailbox:
        settings = desk.by_mail(mailbox, "smtp+starttls", "readout:s3cret@")
        desk.enqueue(settings, ANNA)
        [failing] = desk.deliver(settings)
    assert (mailbox.messages, naps) == ([], [])
    assert "STARTTLS" in failing.detail


@pytest.fixture(scope="session")
def certificate(tmp_path_factory) -> Path:
    """A certificate of 127.0.0.1 that nobody has signed, with its key."""
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder / "cert.pem"


@pytest.fixture
def tls(certificate) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    return context


def test_mail_is_encrypted_from_the_start_where_the_certificate_is_trusted(desk, monkeypatch, certificate, tls):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with Mailbox(tls=tls, at_once=True) as mailbox:
        settings = desk.by_mail(mailbox, "smtps")
        desk.enqueue(settings, ANNA)
        [sent] = desk.deliver(settings)
    assert (sent.state, len(mailbox.messages)) == ("delivered", 1)


def test_a_password_is_told_once_the_line_is_encrypted(desk, monkeypatch, certificate, tls):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with Mailbox(tls=tls, password="s3cret/?") as mailbox:  # noqa: S106 - of this test
        settings = desk.by_mail(mailbox, "smtp+starttls", "readout:s3cret%2F%3F@")
        desk.enqueue(settings, ANNA)
        [sent] = desk.deliver(settings)
        assert (sent.state, len(mailbox.messages)) == ("delivered", 1)
        desk.enqueue(settings, ANNA, number=2)
        [failing] = desk.deliver(desk.by_mail(mailbox, "smtp+starttls", "readout:wrong@"))
    assert failing.detail == "SMTP 535: sign-in refused"


@pytest.mark.parametrize("scheme", ["smtp+starttls", "smtps"])
def test_a_certificate_that_nobody_vouches_for_gets_no_mail(desk, tls, naps, scheme):
    with Mailbox(tls=tls, at_once=scheme == "smtps") as mailbox:
        settings = desk.by_mail(mailbox, scheme)
        desk.enqueue(settings, ANNA)
        [failing] = desk.deliver(settings)
    assert (mailbox.messages, naps) == ([], [])
    assert "CERTIFICATE_VERIFY_FAILED" in failing.detail


# --- the outbox ------------------------------------------------------------------------------------------------------


def test_the_same_event_twice_is_one(desk):
    with Receiver() as receiver:
        settings = desk.to(receiver)
        assert desk.enqueue(settings) is True
        assert desk.enqueue(settings) is False
        assert len(desk.deliver(settings)) == 1
        assert desk.enqueue(settings) is False
        assert desk.deliver(settings) == []


def test_a_decision_and_its_events_are_written_together_or_not_at_all(desk):
    settings = desk.to(NOWHERE)
    with pytest.raises(RuntimeError), desk.journal.transaction() as connection:  # noqa: PT012 - what is rolled back
        outbox.enqueue(connection, event(), recipients(settings))
        raise RuntimeError
    assert receipts(desk.journal) == ()


def test_a_crash_between_sending_and_writing_it_down_sends_again_under_the_same_id(desk, monkeypatch):
    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with Receiver() as receiver:
        settings = desk.to(receiver)
        desk.enqueue(settings)
        with monkeypatch.context() as patch:
            patch.setattr(outbox, "record_attempt", crash)
            with pytest.raises(KeyboardInterrupt):
                desk.deliver(settings)
        assert receipts(desk.journal)[0].state == "pending"
        assert desk.deliver(settings)[0].state == "delivered"
    assert receiver.ids == [event().event_id] * 2


def test_two_processes_do_not_deliver_at_once_and_writers_do_not_wait_for_them(desk):
    with Receiver() as receiver:
        settings = desk.to(receiver)
        desk.enqueue(settings)
        with open_journal(settings) as other, other.only_deliverer():
            with pytest.raises(BusyError, match="another process is delivering"):
                desk.deliver(settings)
            assert desk.enqueue(settings, number=2)
        assert len(desk.deliver(settings)) == 2
    assert receiver.ids == [event(1).event_id, event(2).event_id]


def test_an_event_is_given_up_at_its_age_and_not_sent_any_more(desk):
    settings = desk.to(NOWHERE, delivery_give_up_days="3")
    desk.enqueue(settings)
    assert desk.deliver(settings, 2.9)[0].state == "failing"
    with Receiver() as receiver:
        back = desk.to(receiver, delivery_give_up_days="3")
        [late] = desk.deliver(back, 3.1)
        assert desk.deliver(back, 3.2) == []
    assert (late.state, late.attempts, receiver.requests) == ("gave_up", 2, [])
    assert late.detail.startswith("not delivered within 3 days; ConnectError")
    assert late.failing_since < late.last_attempt


def test_what_cannot_be_sent_yet_waits_and_names_what_to_set(desk):
    with Receiver() as receiver:
        settings = desk.to(receiver)
        desk.enqueue(settings, ANNA)
        bare = desk.settings()
        assert [(one.state, one.attempts, one.detail) for one in desk.deliver(bare)] == [
            ("pending", 0, "not set: READOUT_WEBHOOK_URLS, READOUT_WEBHOOK_SECRET"),
            ("pending", 0, "not set: READOUT_SMTP_URL, READOUT_MAIL_FROM"),
        ]
        renamed = desk.settings(webhook_urls=f"http://{receiver.place}/hook", webhook_secret=KEY)
        assert desk.deliver(renamed)[0].detail == "READOUT_WEBHOOK_URLS names no ops"
        assert [one.state for one in desk.deliver(settings)] == ["delivered", "pending"]
        assert [one.state for one in desk.deliver(bare, 15)] == ["gave_up"]


def test_a_name_that_means_nobody_is_not_dropped_in_silence(desk):
    settings = desk.by_mail(NOWHERE)
    desk.enqueue(settings, "platfrm")
    [lost] = desk.deliver(settings)
    assert (lost.state, lost.recipient.target) == ("gave_up", "platfrm")
    assert "no team of organisation.yaml" in lost.detail


def test_an_event_that_goes_to_nobody_says_so(desk):
    desk.enqueue(desk.settings())
    [kept] = receipts(desk.journal)
    assert (kept.state, kept.recipient, kept.waits) == ("no_recipient", None, False)
    assert desk.deliver(desk.settings()) == []


@pytest.mark.parametrize("table", ["outbox", "delivery_attempt"])
@pytest.mark.parametrize("change", ["UPDATE {} SET event_id = 'other'", "DELETE FROM {}"])
def test_neither_an_event_nor_an_attempt_is_changed_or_deleted(desk, table, change):
    settings = desk.to(NOWHERE)
    desk.enqueue(settings)
    desk.deliver(settings)
    before = desk.rows(f"SELECT * FROM journal.{table}")
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        desk.rows(change.format(f"journal.{table}"))
    assert desk.rows(f"SELECT * FROM journal.{table}") == before
    assert len(before) == 1


def test_sqlite_replaces_no_event(tmp_path, naps):
    with open_journal(Settings(warehouse_url=f"duckdb:///{tmp_path / 'w.duckdb'}")) as journal:
        desk = Desk(journal, f"duckdb:///{tmp_path / 'w.duckdb'}", naps)
        desk.enqueue(desk.to(NOWHERE))
        before = desk.rows("SELECT * FROM outbox")
        desk.rows(
            "INSERT OR REPLACE INTO outbox (event_id, kind, subject, recipients, payload, created_at) "
            f"VALUES ('{event().event_id}', 'x', 'x', '[]', '{{}}', '2026-01-01 00:00:00')"
        )
        assert desk.rows("SELECT * FROM outbox") == before


# --- the command, and what it does not tell --------------------------------------------------------------------------


def run(settings: Settings, *options: str):
    values = {
        "READOUT_WAREHOUSE_URL": settings.url,
        "READOUT_WEBHOOK_URLS": settings.webhook_urls.get_secret_value() if settings.webhook_urls else None,
        "READOUT_WEBHOOK_SECRET": " ".join(settings.webhook_keys) or None,
        "READOUT_SMTP_URL": settings.smtp_url.get_secret_value() if settings.smtp_url else None,
        "READOUT_MAIL_FROM": settings.mail_from,
    }
    return CliRunner().invoke(app, ["deliver", *options], env=values)


def test_the_command_says_a_line_an_event_and_recipient_and_whether_anything_is_left(desk):
    with Receiver(400) as receiver:
        settings = desk.to(receiver)
        desk.enqueue(settings)
        listed = run(settings, "--list")
        assert (listed.exit_code, listed.stdout) == (0, f"pending       gate.failed  {GATE}  to webhook ops\n")
        assert receiver.requests == []
        left = run(settings)
        assert left.exit_code == 1
        assert left.stdout.startswith(f"failing       gate.failed  {GATE}  to webhook ops  failing since 20")
        assert left.stdout.endswith("UTC  HTTP 400\n")
        done = run(settings)
        assert (done.exit_code, done.stdout) == (0, f"delivered     gate.failed  {GATE}  to webhook ops  HTTP 204\n")
        again = run(settings)
        assert (again.exit_code, again.stdout, again.stderr) == (0, "Nothing waits to be sent.\n", "")
    document = json.loads(run(settings, "--list", "--json").stdout)
    [one] = document["events"]
    assert document["left"] == 0
    assert datetime.fromisoformat(one.pop("last_attempt")) <= datetime.now(UTC).replace(tzinfo=None)
    assert one == {
        "event_id": event().event_id, "kind": "gate.failed", "subject": GATE, "channel": "webhook", "target": "ops",
        "state": "delivered", "attempts": 2, "detail": "HTTP 204", "failing_since": None,
    }  # fmt: skip


def test_the_command_says_what_to_set(desk):
    empty = run(desk.settings())
    assert (empty.exit_code, empty.stdout) == (0, "Nothing waits to be sent.\n")
    assert "set READOUT_WEBHOOK_URLS and READOUT_WEBHOOK_SECRET, or READOUT_SMTP_URL" in empty.stderr
    desk.enqueue(desk.to(NOWHERE))
    waiting = run(desk.settings(), "--json")
    assert waiting.exit_code == 1
    assert json.loads(waiting.stdout)["left"] == 1
    with desk.journal.only_deliverer():
        busy = run(desk.settings())
    assert isinstance(busy.exception, BusyError)


def test_no_secret_reaches_the_journal_the_output_or_a_log(desk, caplog):
    caplog.set_level(logging.DEBUG)
    secrets = ("s3cret-user", "s3cret-pass", "s3cret-path", "s3cret-query", "s3cret-mail", KEY.removeprefix("whsec_"))
    with Receiver(400, 503, 204) as receiver, Mailbox("550 no", "250 OK") as mailbox:
        here, there = (receiver.place, mailbox.place), (NOWHERE, NOWHERE)
        for number, (hook, mail) in enumerate((here, here, there)):
            settings = desk.settings(
                webhook_urls=f"http://s3cret-user:s3cret-pass@{hook}/s3cret-path?key=s3cret-query", webhook_secret=KEY,
                smtp_url=f"smtp://s3cret-user:s3cret-mail@{mail}" if number else f"smtp://{mail}",
                mail_from="readout@example.com",
            )  # fmt: skip
            desk.enqueue(settings, ANNA, number=number)
            list(deliver(desk.journal, settings, sleep=lambda _: None))
        said = [run(settings, "--list").output, run(settings, "--list", "--json").output, repr(settings)]
    rows = desk.rows("SELECT * FROM journal.outbox") + desk.rows("SELECT * FROM journal.delivery_attempt")
    assert len(rows) > 4
    told = repr([rows, said, caplog.text])
    assert [secret for secret in secrets if secret in told] == []
