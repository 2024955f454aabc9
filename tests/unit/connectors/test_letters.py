"""Letters: safe substitution, both languages, no header that anybody smuggles in."""

import base64
from datetime import UTC, date, datetime
from email.parser import BytesParser
from email.policy import SMTP, default
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import errors
from engine.connectors import letters
from engine.connectors.letters import Attachment, Content, Envelope
from engine.outward import Template

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SCOPE = {
    "name": "李 & <b>",
    "amount": 12,
    "price": 1.5,
    "day": date(2026, 3, 2),
    "customer": {"name": "Li", "a": {"b": "x"}},
}


@pytest.mark.parametrize(
    "text, filled",
    [
        ("Dear {{name}}", "Dear 李 & <b>"),
        ("{{ amount }} {{price}} {{day}}", "12 1.5 2026-03-02"),
        ("{{customer.name}} {{customer.a.b}}", "Li x"),
        ("no places", "no places"),
        ("{single} {% if x %} ${x} #{x}", "{single} {% if x %} ${x} #{x}"),
    ],
)
def test_places_are_looked_up_and_nothing_else_happens(text: str, filled: str) -> None:
    assert letters.substitute(text, SCOPE) == filled


def test_values_are_escaped_in_html() -> None:
    assert letters.substitute("<p>{{name}}</p>", SCOPE, escaped=True) == "<p>李 &amp; &lt;b&gt;</p>"
    quoted = letters.substitute('<a title="{{x}}">', {"x": '"onclick="evil'}, escaped=True)
    assert quoted == '<a title="&quot;onclick=&quot;evil">'


@pytest.mark.parametrize(
    "text",
    ["{{missing}}", "{{customer.missing}}", "{{customer}}", "{{name.x}}", "{{customer.a}}", "{{flag}}", "{{nothing}}"],
)
def test_a_place_without_a_value_is_told_by_its_name(text: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        letters.substitute(text, {**SCOPE, "flag": True, "nothing": None})
    assert refused.value.code == "template_value" and text in refused.value.text["zh-CN"]


@pytest.mark.parametrize("text", ["{{name.__class__}}", "{{customer.__class__.__mro__}}", "{{customer.keys}}"])
def test_no_place_reaches_behind_the_values(text: str) -> None:
    with pytest.raises(errors.Invalid):
        letters.substitute(text, SCOPE)


@given(st.text(max_size=40))
def test_a_value_is_never_looked_up_again(value: str) -> None:
    assert letters.substitute("{{a}}", {"a": value, "b": "SECRET"}) == value


@pytest.mark.parametrize(
    "subject, text, markup, pointers",
    [
        ({"en": "Hi"}, {"en": "Hello {{name}}"}, {}, set()),
        ({"en": "Hi", "zh-CN": "您好"}, {"en": "a", "zh-CN": "b"}, {"en": "<p>{{ a.b }}</p>"}, set()),
        ({}, {}, {}, {"/subject", "/text"}),
        ({"en": ""}, {"en": "x"}, {}, {"/subject", "/text/en"}),
        ({"en": "Hi"}, {"zh-CN": "b"}, {}, {"/text/en", "/text/zh-CN"}),
        ({"fr": "Salut"}, {"fr": "x"}, {}, {"/subject/fr", "/text/fr"}),
        ({"en": "a\nb"}, {"en": "x"}, {}, {"/subject/en"}),
        ({"en": "x" * 201}, {"en": "x"}, {}, {"/subject/en"}),
        ({"en": "Hi"}, {"en": "x" * 100_001}, {}, {"/text/en"}),
        ({"en": "Hi {{1}}"}, {"en": "{{name"}, {"en": "name}}"}, {"/subject/en", "/text/en", "/html/en"}),
        ({"en": "Hi"}, {"en": "{{ 1 + 1 }}"}, {"en": "{{a()}}"}, {"/text/en", "/html/en"}),
    ],
)
def test_every_wrong_place_of_a_template_is_told(
    subject: dict[str, str], text: dict[str, str], markup: dict[str, str], pointers: set[str]
) -> None:
    found = list(letters.problems(subject, text, markup))
    assert {problem.pointer for problem in found} == pointers
    assert all(problem.text.keys() == {"zh-CN", "en"} for problem in found)


def test_a_template_is_filled_in_the_readers_language_or_the_other_one() -> None:
    template = Template(
        name="t",
        subject={"en": "Order {{n}}", "zh-CN": "订单{{n}}"},
        text={"en": "Hello {{who}}", "zh-CN": "您好 {{who}}"},
        html={"en": "<b>{{who}}</b>"},
        changed_at=NOW,
        changed_by="boss",
    )
    scope = {"n": 7, "who": "<Li>"}
    english = letters.filled(template, scope, language="en")
    assert (english.subject, english.text, english.html) == ("Order 7", "Hello <Li>", "<b>&lt;Li&gt;</b>")
    chinese = letters.filled(template, scope, language="zh-CN")
    assert (chinese.subject, chinese.text) == ("订单7", "您好 <Li>")
    assert letters.filled(template, scope, language="fr").subject == "Order 7"
    assert letters.places(template.subject, template.text, template.html) == ("n", "who")


@pytest.mark.parametrize(
    "text, address",
    [
        ("li@example.com", "li@example.com"),
        (" li@Example.COM ", "li@example.com"),
        ("a.b+c@sub.example.com", "a.b+c@sub.example.com"),
        ("li@例子.中国", "li@xn--fsqu00a.xn--fiqs8s"),
    ],
)
def test_an_address_is_taken_as_servers_take_it(text: str, address: str) -> None:
    assert letters.address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "", "li", "li@", "@example.com", "li@localhost", "li@@example.com", "Li <li@example.com>", "a b@example.com",
        "li@example.com\r\nBcc: x@y.z", "li@example.com, x@y.z", "li@exa mple.com", "li..x@example.com",
        "李@example.com", '"li"@example.com', "li@example.com>", "x" * 65 + "@example.com", None, 5, ["li@example.com"],
    ],
)  # fmt: skip
def test_what_is_no_single_plain_address_is_refused(text: Any) -> None:
    with pytest.raises(errors.Invalid) as refused:
        letters.address(text)
    assert refused.value.code == "address_invalid"


ENVELOPE = Envelope(sender="crm@house.test", sender_name="CRM 客服", to=("li@customer.test",))
CONTENT = Content(subject="您好", text="Hello\n", language="en")


def composed(envelope: Envelope = ENVELOPE, content: Content = CONTENT, key: str = "job-1") -> Any:
    made = letters.compose(envelope, content, key=key, now=NOW)
    return BytesParser(policy=default).parsebytes(made.as_bytes(policy=SMTP))


def test_a_letter_says_from_whom_to_whom_and_when() -> None:
    envelope = Envelope(
        sender="crm@house.test", sender_name="CRM 客服", reply_to="help@house.test",
        to=("a@x.test", "b@x.test"), cc=("c@x.test",), bcc=("d@x.test", "a@x.test"),
    )  # fmt: skip
    made = composed(envelope)
    assert str(made["From"]) == "CRM 客服 <crm@house.test>" and str(made["To"]) == "a@x.test, b@x.test"
    assert (str(made["Cc"]), str(made["Reply-To"]), str(made["Subject"])) == ("c@x.test", "help@house.test", "您好")
    assert made["Bcc"] is None, "nobody sees whom else it went to"
    assert made["Date"].datetime == NOW and made["Auto-Submitted"] == "auto-generated"
    assert envelope.recipients == ("a@x.test", "b@x.test", "c@x.test", "d@x.test")


def test_the_same_job_writes_the_same_message_id_and_another_one_another() -> None:
    assert composed()["Message-ID"] == composed()["Message-ID"] != composed(key="job-2")["Message-ID"]
    assert str(composed()["Message-ID"]).endswith("@house.test>")


def test_text_and_html_stand_side_by_side() -> None:
    made = composed(content=Content(subject="s", text="plain 您好", html="<p>您好</p>", language="zh-CN"))
    assert made.get_body(("plain",)).get_content().strip() == "plain 您好"
    assert made.get_body(("html",)).get_content().strip() == "<p>您好</p>"
    assert made["Content-Language"] == "zh-CN"


def test_attachments_travel_whole() -> None:
    attached = (
        Attachment(name="offer.pdf", type="application/pdf", content=base64.b64encode(b"%PDF\x00\xff").decode()),
        Attachment(name="报价.txt", type="text/plain", text="您好"),
    )
    made = composed(content=Content(subject="s", text="t", language="en", attachments=attached))
    found = list(made.iter_attachments())
    assert [one.get_filename() for one in found] == ["offer.pdf", "报价.txt"]
    assert found[0].get_content() == b"%PDF\x00\xff"
    assert found[1].get_payload(decode=True).decode() == "您好"


@pytest.mark.parametrize(
    "attachment",
    [
        {"name": ""},
        {"name": "../x"},
        {"name": "a\r\nb"},
        {"name": "x" * 121},
        {"name": "a", "type": "nonsense"},
        {"name": "a", "type": "text/plain\r\nX: y"},
        {"name": "a", "content": "not base64!"},
    ],
)
def test_a_wrong_attachment_is_told_by_its_number(attachment: dict[str, str]) -> None:
    attached = (Attachment(name="fine.txt", text="x"), Attachment(**attachment))
    with pytest.raises(errors.Invalid) as refused:
        composed(content=Content(subject="s", text="t", language="en", attachments=attached))
    assert refused.value.ids == {"number": 1} and "第 2 个" in refused.value.text["zh-CN"]


def test_attachments_have_a_bound_in_all() -> None:
    half = "x" * (letters.MOST_ATTACHED // 2 + 1)
    attached = tuple(Attachment(name="a.txt", text=half) for _ in range(2))
    with pytest.raises(errors.TooLarge):
        composed(content=Content(subject="s", text="t", language="en", attachments=attached))


@pytest.mark.parametrize("sign", ["\n", "\r", "\r\n", "\x00", "\x0b", "\x1f", "\x7f", "\u0085", "\u2028"])
@pytest.mark.parametrize("field", ["subject", "sender_name"])
def test_a_line_break_begins_no_header(sign: str, field: str) -> None:
    evil = f"Hello{sign}Bcc: victim@x.test"
    content = Content(subject=evil if field == "subject" else "s", text="t", language="en")
    envelope = Envelope(
        sender="crm@house.test", sender_name=evil if field == "sender_name" else "", to=("li@customer.test",)
    )
    with pytest.raises(errors.Invalid) as refused:
        composed(envelope, content)
    assert refused.value.ids == {"field": field}


@given(st.text(max_size=80))
def test_whatever_a_subject_says_the_letter_has_no_header_that_nobody_wrote(subject: str) -> None:
    try:
        made = letters.compose(ENVELOPE, Content(subject=subject, text="t", language="en"), key="k", now=NOW)
        sent = made.as_bytes(policy=SMTP)
    except (errors.Invalid, UnicodeEncodeError):
        return
    names = {line.partition(b":")[0] for line in sent.split(b"\r\n\r\n", 1)[0].split(b"\r\n") if line[:1] not in b" \t"}
    assert names <= {
        b"From", b"To", b"Subject", b"Date", b"Message-ID", b"Content-Language", b"Auto-Submitted", b"Content-Type",
        b"Content-Transfer-Encoding", b"MIME-Version",
    }  # fmt: skip


@pytest.mark.parametrize("count", [0, 51])
def test_a_letter_goes_to_somebody_and_not_to_half_the_world(count: int) -> None:
    with pytest.raises(errors.Invalid) as refused:
        composed(Envelope(sender="crm@house.test", to=tuple(f"p{n}@x.test" for n in range(count))))
    assert refused.value.code == "recipients"
