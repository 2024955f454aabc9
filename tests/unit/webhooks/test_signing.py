"""Signatures by Standard Webhooks, against the specification's own example and against forgers."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.webhooks import signing

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECRET = signing.new_secret()


def test_the_signature_is_the_one_that_other_implementations_make() -> None:
    """The example that the libraries of Standard Webhooks share as a test."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'
    event, moment = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330
    made = signing.headers(body, event=event, now=datetime.fromtimestamp(moment, UTC), known=[secret])
    assert made == {
        "webhook-id": event,
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_a_secret_is_new_each_time_and_long_enough() -> None:
    assert signing.new_secret() != signing.new_secret()
    assert signing.new_secret().startswith("whsec_") and len(signing.new_secret()) == 50


@given(st.binary(max_size=200), st.text("abcdef0123456789-_", min_size=1, max_size=40))
def test_what_was_signed_is_verified(body: bytes, event: str) -> None:
    made = signing.headers(body, event=event, now=NOW, known=[SECRET])
    assert signing.verified(body, made, secret=SECRET, now=NOW)


def test_with_two_secrets_each_holder_verifies() -> None:
    other = signing.new_secret()
    made = signing.headers(b"x", event="e", now=NOW, known=[other, SECRET])
    assert len(made["webhook-signature"].split()) == 2
    assert signing.verified(b"x", made, secret=SECRET, now=NOW)
    assert signing.verified(b"x", made, secret=other, now=NOW)
    assert not signing.verified(b"x", made, secret=signing.new_secret(), now=NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-id": "other"},
        {"webhook-timestamp": "1772442001"},
        {"webhook-timestamp": "soon"},
        {"webhook-timestamp": ""},
        {"webhook-timestamp": "-5"},
        {"webhook-timestamp": "9" * 400},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": "v2,AAAA v1"},
        {"webhook-signature": "中"},
    ],
)
def test_a_forged_head_is_not_verified(change: dict[str, str]) -> None:
    made = signing.headers(b"x", event="e", now=NOW, known=[SECRET])
    assert not signing.verified(b"x", {**made, **change}, secret=SECRET, now=NOW)


def test_another_body_is_not_verified() -> None:
    made = signing.headers(b"x", event="e", now=NOW, known=[SECRET])
    assert not signing.verified(b"y", made, secret=SECRET, now=NOW)
    assert not signing.verified(b"x", {}, secret=SECRET, now=NOW)


@pytest.mark.parametrize("seconds, fresh", [(0, True), (300, True), (-300, True), (301, False), (-301, False)])
def test_an_old_letter_that_is_played_again_is_not_verified(seconds: int, fresh: bool) -> None:
    made = signing.headers(b"x", event="e", now=NOW, known=[SECRET])
    assert signing.verified(b"x", made, secret=SECRET, now=NOW + timedelta(seconds=seconds)) is fresh


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_not base64!", "nonsense"])
def test_a_secret_that_is_none_verifies_nothing(secret: str) -> None:
    made = signing.headers(b"x", event="e", now=NOW, known=[SECRET])
    assert not signing.verified(b"x", made, secret=secret, now=NOW)
