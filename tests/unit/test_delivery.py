"""What is sent, to whom, and how its fate is told: the parts that touch no network and no database."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
import tenacity
from pydantic import ValidationError

from readout.delivery import Event, Recipient, recipients, stable_id
from readout.delivery.mail import compose
from readout.delivery.receipts import derive
from readout.delivery.sending import NotSentError, attempt
from readout.delivery.webhook import body, headers, retry_after
from readout.settings import Settings
from readout.warehouse.outbox import Attempt, Outcome, Posted
from tests.contract.receiver import KEY

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
OPS = Recipient("webhook", "ops")
ANNA = Recipient("email", "anna@example.com")


def event(event_id: str = "evt_1", title: str = "t", text: str = "", data: dict[str, Any] | None = None) -> Event:
    return Event(event_id, "gate.failed", "desk/up", datetime(2026, 3, 2), title, text, data or {})


def fates(*outcomes: Outcome):
    posted = Posted(event(), (OPS,), datetime(2026, 3, 2))
    made = [
        Attempt("evt_1", OPS, datetime(2026, 3, 2, hour), outcome, f"try {hour}")
        for hour, outcome in enumerate(outcomes, start=1)
    ]
    [receipt] = derive([posted], made)
    return receipt


def test_what_was_never_tried_is_pending():
    assert (fates().state, fates().waits, fates().attempts, fates().last_attempt) == ("pending", True, 0, None)


def test_what_fails_is_failing_since_the_first_time():
    receipt = fates("failed", "failed", "failed")
    assert (receipt.state, receipt.waits, receipt.attempts, receipt.detail) == ("failing", True, 3, "try 3")
    assert (receipt.failing_since, receipt.last_attempt) == (datetime(2026, 3, 2, 1), datetime(2026, 3, 2, 3))


def test_what_arrived_in_the_end_fails_no_more():
    receipt = fates("failed", "delivered")
    assert (receipt.state, receipt.waits, receipt.failing_since, receipt.attempts) == ("delivered", False, None, 2)


def test_what_was_given_up_still_says_since_when_it_failed():
    receipt = fates("failed", "gave_up")
    assert (receipt.state, receipt.waits, receipt.failing_since) == ("gave_up", False, datetime(2026, 3, 2, 1))


def test_what_arrived_stays_arrived_whatever_a_second_run_met():
    receipt = fates("delivered", "failed")
    assert (receipt.state, receipt.detail, receipt.attempts) == ("delivered", "try 1", 2)


def test_each_recipient_has_a_fate_of_its_own():
    posted = Posted(event(), (OPS, ANNA), datetime(2026, 3, 2))
    made = [
        Attempt("evt_1", ANNA, datetime(2026, 3, 2), "delivered", ""),
        Attempt("evt_2", OPS, datetime(2026, 3, 2), "delivered", ""),
    ]
    assert [receipt.state for receipt in derive([posted], made)] == ["pending", "delivered"]


def test_every_webhook_and_each_address_once():
    settings = Settings.model_validate({"webhook_urls": "ops=https://a.example/x https://b.example:8443/y?key=1"})
    assert recipients(settings, ["anna@example.com", "anna@example.com"]) == (
        OPS,
        Recipient("webhook", "b.example:8443"),
        ANNA,
    )
    assert recipients(Settings()) == ()


def test_the_same_happening_has_the_same_id_and_no_other_has():
    ids = {stable_id("gate.failed", "a", "b"), stable_id("gate.failed", "ab", ""), stable_id("gate.failed", "ü", "b")}
    assert len(ids) == 3
    assert stable_id("gate.failed", "a", "b") in ids
    assert event(stable_id("gate.failed", "Prüfung / ü")).event_id.startswith("evt_")


@pytest.mark.parametrize("event_id", ["", "a b", "a.b", "ü", "a\nb", "x" * 201])
def test_an_id_that_no_header_can_carry_is_refused(event_id):
    with pytest.raises(ValueError, match="an event's id"):
        event(event_id)


def test_the_body_of_a_webhook_is_the_same_text_for_the_same_event():
    told = event(title="Ü", text="a\nb", data={"b": 1, "a": [True, None]})
    assert body(told) == (
        '{"data":{"a":[true,null],"b":1,"subject":"desk/up","text":"a\\nb","title":"Ü"},'
        '"timestamp":"2026-03-02T00:00:00Z","type":"gate.failed"}'
    )


def test_an_infinite_number_is_no_json():
    with pytest.raises(ValueError, match="not JSON compliant"):
        body(event(data={"evidence": float("inf")}))


def test_the_signature_is_the_one_of_the_scheme():
    # printf 'evt_1.1772443800.{}' | openssl dgst -sha256 -hmac 'signing key of the tests only!' -binary | base64
    signed = headers("evt_1", "{}", (KEY,), NOW)
    assert signed["webhook-timestamp"] == "1772443800"
    assert signed["webhook-signature"] == "v1,eX1M6dsCOY/CGyijCC08sZzAfLcF4Tw41MwRiyvj5EU="


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("", 0), ("7", 7), (" 7 ", 7), ("Mon, 02 Mar 2026 09:31:00 GMT", 60), ("Mon, 02 Mar 2026 09:00:00 GMT", 0),
     ("soon", 0), ("-1", 0), ("Mon, 02 Mar 2026 09:31:00", 60)],
)  # fmt: skip
def test_retry_after_is_seconds_or_a_date(value, seconds):
    assert retry_after(value, NOW) == seconds


def test_a_title_of_several_lines_is_one_subject_line():
    message = compose(event(title="one\r\nBcc: all@example.com"), "Readout <readout@example.com>", "anna@example.com")
    assert message["Subject"] == "one Bcc: all@example.com"
    assert message["Bcc"] is None


@pytest.mark.parametrize(("asked", "tries"), [(0, 4), (9, 4), (12, 3), (20, 2), (31, 1)])
def test_one_attempt_ends_within_its_tries_and_half_a_minute(monkeypatch, asked, tries):
    clock = [0.0]
    monkeypatch.setattr(tenacity, "time", SimpleNamespace(monotonic=lambda: clock[-1]))

    detail = "HTTP 503"

    def refuse() -> str:
        raise NotSentError(detail, again=True, after=asked)

    with pytest.raises(NotSentError, match=detail + (f", {tries} tries" if tries > 1 else "$")):
        attempt(refuse, sleep=lambda seconds: clock.append(clock[-1] + seconds))
    assert clock[-1] < 30


@pytest.mark.parametrize(
    "values",
    [
        {"webhook_urls": "ftp://s3cret.example"},
        {"webhook_urls": "https://s3cret:abc"},
        {"webhook_urls": "https://a.example/s3cret https://a.example/s3cret"},
        {"webhook_urls": "ops=https://a/s3cret ops=https://b/s3cret"},
        {"webhook_secret": "s3cret"},
        {"webhook_secret": "whsec_s3cret-s3cret-s3cret-s3cret-s3cret"},
        {"webhook_secret": f"{KEY} s3cret"},
        {"smtp_url": "mail.example.com/s3cret"},
        {"smtp_url": "smtp://user:pa/s3cret@mail.example.com"},
        {"smtp_url": "smtp://"},
        {"mail_from": "nobody"},
        {"mail_from": "a@b.example, c@d.example"},
        {"mail_from": "Readout\n <a@b.example>"},
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_without_telling_it(values):
    with pytest.raises(ValidationError) as refused:
        Settings.model_validate(values)
    assert len(refused.value.errors()) == 1
    assert "s3cret" not in str(refused.value)
    assert "s3cret" not in refused.value.errors()[0]["msg"]


@pytest.mark.parametrize("sender", ["a@b.example", "Readout (desk) <a@b.example>"])
def test_a_sender_may_have_a_name(sender):
    assert Settings.model_validate({"mail_from": sender}).mail_from == sender
