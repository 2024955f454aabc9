"""Letters of running cases: to whom, in which language, and what a server's refusal means."""

from typing import Any

import pytest

from engine import errors
from engine.connectors import keep
from tests import outside_world as world
from tests.house import ANNA, BOSS
from tests.kernel.models import mapping
from tests.unit.connectors.conftest import Trading

SUBJECT = {"en": "Order {{order}}", "zh-CN": "订单 {{order}}"}
TEXT = {"en": "Dear {{customer.name}}", "zh-CN": "{{customer.name}}，您好"}
HTML = {"en": "<p>{{customer.name}}</p>", "zh-CN": "<p>{{customer.name}}，您好</p>"}


@pytest.fixture
def mailing(home: Trading, post: world.Post) -> Trading:
    server(home, post)
    keep.put_template(home.engine, name="order", subject=SUBJECT, text=TEXT, html=HTML, agent=BOSS, now=home.now)
    return home


def server(home: Trading, post: world.Post, name: str = "mail", **settings: Any) -> None:
    given = {"host": "localhost", "port": post.port, "security": "plain", "sender": "crm@house.test"} | settings
    home.connector(name, "mail", **given)


def test_a_customer_gets_a_letter_in_their_own_language(mailing: Trading, post: world.Post) -> None:
    mailing.customer(language="zh-CN", contacts=({"name": "Li", "email": "li@customer.test"},))
    case = mailing.served("email", mapping("template", '"order"'), mapping("order", "no"), no="A-7")
    letter = post.letter()
    assert (letter.sender, letter.to) == ("crm@house.test", ["li@customer.test"])
    assert letter.message["Subject"] == "订单 A-7"
    assert "李先生，您好" in letter.message.get_body(("plain",)).get_content()  # type: ignore[attr-defined]
    assert "<p>李先生，您好</p>" in letter.message.get_body(("html",)).get_content()  # type: ignore[attr-defined]
    assert mailing.at(case) == ["look"]
    found = mailing.variables(case)
    assert found["accepted"] == ["li@customer.test"] and found["messageId"] == letter.message["Message-ID"]


def test_a_language_that_the_case_asks_for_wins(mailing: Trading, post: world.Post) -> None:
    mailing.customer(language="zh-CN")
    mailing.served(
        "email", mapping("template", '"order"'), mapping("order", "1"), mapping("to", '"a@x.test"'),
        mapping("language", '"en"'),
    )  # fmt: skip
    assert post.letter().message["Subject"] == "Order 1"


def test_a_letter_may_be_written_in_the_drawing(mailing: Trading, post: world.Post) -> None:
    mailing.served(
        "email", mapping("to", '["a@x.test", "b@x.test"]'), mapping("cc", '"c@x.test"'), mapping("bcc", '"d@x.test"'),
        mapping("subject", "title"), mapping("text", '"Hello {{not.a.place}}"'),
        mapping("attachments", '[{name: "a.txt", type: "text/plain", text: "attached"}]'), title="Hello",
    )  # fmt: skip
    letter = post.letter()
    assert letter.to == ["a@x.test", "b@x.test", "c@x.test", "d@x.test"]
    assert (letter.message["Subject"], letter.message["Cc"]) == ("Hello", "c@x.test")
    assert "{{not.a.place}}" in letter.message.get_body(("plain",)).get_content()  # type: ignore[attr-defined]
    assert [one.get_filename() for one in letter.message.iter_attachments()] == ["a.txt"]  # type: ignore[attr-defined]


def test_another_server_is_named_by_the_job_or_by_the_handler(home: Trading) -> None:
    with world.post() as one, world.post() as other:
        server(home, one, "sales")
        server(home, other, "service")
        letter = (mapping("to", '"a@x.test"'), mapping("subject", '"s"'), mapping("text", '"t"'))
        home.served("email", mapping("connector", '"sales"'), *letter)
        home.served("connector:service", *letter)
        assert len(one.letters) == len(other.letters) == 1


@pytest.mark.parametrize(
    "parameters, words",
    [
        ([], "no recipient"),
        ([mapping("to", '"nonsense"')], "no e-mail address"),
        ([mapping("to", '["a@x.test", "b@x.test\\r\\nBcc: c@x.test"]')], "no e-mail address"),
        ([mapping("to", '"a@x.test"'), mapping("template", '"gone"')], "gone"),
        ([mapping("to", '"a@x.test"'), mapping("template", '"order"')], "{{order}}"),
        ([mapping("to", '"a@x.test"'), mapping("template", "5")], "template"),
        ([mapping("to", '"a@x.test"'), mapping("attachments", "[{}]")], "name"),
        ([mapping("to", '"a@x.test"'), mapping("subject", "evil")], "subject"),
        ([mapping("connector", '"gone"')], "gone"),
    ],
)
def test_a_letter_that_cannot_be_written_stops_the_case_and_says_why(
    mailing: Trading, post: world.Post, parameters: list[Any], words: str
) -> None:
    case = mailing.served("email", *parameters, evil="a\r\nBcc: victim@x.test")
    assert words in mailing.incident(case) and post.letters == []


def letter_to(home: Trading, who: str, handler: str = "email") -> str:
    return home.served(handler, mapping("to", "who"), mapping("subject", '"s"'), mapping("text", '"t"'), who=who)


def test_a_recipient_who_is_refused_for_ever_is_an_incident(mailing: Trading, post: world.Post) -> None:
    post.refuse = {"gone@x.test": "550 no such person"}
    assert "no such person" in mailing.incident(letter_to(mailing, "gone@x.test"))


def test_or_a_bpmn_error_where_the_settings_say_so(home: Trading, post: world.Post) -> None:
    server(home, post, refused_error="unreachable")
    post.refuse = {"gone@x.test": "550 no such person"}
    case = letter_to(home, "gone@x.test")
    assert home.at(case) == ["handle"] and home.variables(case)["code"] == "unreachable"


def test_some_refused_is_told_to_the_case(mailing: Trading, post: world.Post) -> None:
    post.refuse = {"gone@x.test": "550 gone"}
    case = letter_to(mailing, "a@x.test, gone@x.test")
    assert mailing.variables(case)["refused"] == {"gone@x.test": "550 gone"}
    assert post.letter().to == ["a@x.test"]


def test_what_is_put_off_is_tried_again_as_the_same_letter(mailing: Trading, post: world.Post) -> None:
    post.refuse = {"a@x.test": "451 later"}
    case = letter_to(mailing, "a@x.test")
    assert mailing.waiting(case).retries == 2 and post.letters == []
    post.refuse = {}
    mailing.pass_time(seconds=5)
    assert mailing.at(case) == ["look"] and len(post.letters) == 1


def test_a_login_goes_only_to_its_host(home: Trading, post: world.Post) -> None:
    home.credential("smtp", kind="basic", user="crm", hosts=("smtp.test",))
    with pytest.raises(errors.Invalid) as refused:
        server(home, post, credential="smtp")
    assert [problem.pointer for problem in refused.value.problems] == ["/settings/credential"]


@pytest.mark.parametrize(
    "settings, pointers",
    [
        ({"host": "a b"}, {"/settings/host"}),
        ({"port": 0}, {"/settings/port"}),
        ({"port": "25"}, {"/settings/port"}),
        ({"security": "none"}, {"/settings/security"}),
        ({"sender": "nobody"}, {"/settings/sender"}),
        ({"reply_to": "nobody"}, {"/settings/reply_to"}),
        ({"sender_name": "a\nb"}, {"/settings/sender_name"}),
        ({"seconds": 99}, {"/settings/seconds"}),
        ({"nonsense": 1}, {"/settings"}),
    ],
)
def test_every_wrong_setting_is_named(
    home: Trading, post: world.Post, settings: dict[str, Any], pointers: set[str]
) -> None:
    with pytest.raises(errors.Invalid) as refused:
        server(home, post, **settings)
    assert {problem.pointer for problem in refused.value.problems} == pointers


def test_a_mail_login_is_a_user_with_a_password(home: Trading, post: world.Post) -> None:
    home.credential("token", hosts=("localhost",))
    with pytest.raises(errors.Invalid, match="wrong in 1 place"):
        server(home, post, credential="token")


# --- templates -----------------------------------------------------------------------------------------------------


def test_templates_are_kept_changed_and_dropped(mailing: Trading) -> None:
    engine, now = mailing.engine, mailing.now
    assert [one.name for one in keep.templates(engine, agent=BOSS)] == ["order"]
    changed = keep.put_template(
        engine, name="order", subject={"en": "x"}, text={"en": "y"}, html={}, agent=BOSS, now=now, revision=1
    )
    assert changed.revision == 2 and keep.template(engine, name="order", agent=BOSS) == changed
    with pytest.raises(errors.Conflict):
        keep.put_template(
            engine, name="order", subject={"en": "x"}, text={"en": "y"}, html={}, agent=BOSS, now=now, revision=1
        )
    keep.drop_template(engine, name="order", agent=BOSS, now=now)
    for call in (
        lambda: keep.template(engine, name="order", agent=BOSS),
        lambda: keep.drop_template(engine, name="order", agent=BOSS, now=now),
    ):
        with pytest.raises(errors.NotFound):
            call()


def test_a_wrong_template_is_not_kept(home: Trading) -> None:
    with pytest.raises(errors.Invalid) as refused:
        keep.put_template(
            home.engine, name="t", subject={"en": "{{"}, text={"en": "x"}, html={}, agent=BOSS, now=home.now
        )
    assert [problem.pointer for problem in refused.value.problems] == ["/subject/en"]
    assert keep.templates(home.engine, agent=BOSS) == []


def test_only_administrators_keep_connectors_and_templates(mailing: Trading) -> None:
    engine, now = mailing.engine, mailing.now
    words = {"en": "x"}
    for call in (
        lambda: keep.put(
            engine, name="x", kind="http", settings={"url": "https://a.test"}, note="", agent=ANNA, now=now
        ),
        lambda: keep.drop(engine, name="mail", agent=ANNA, now=now),
        lambda: keep.get(engine, name="mail", agent=ANNA),
        lambda: keep.all_of(engine, agent=ANNA),
        lambda: keep.try_out(engine, name="mail", given={}, agent=ANNA, now=now),
        lambda: keep.put_template(engine, name="t", subject=words, text=words, html={}, agent=ANNA, now=now),
        lambda: keep.template(engine, name="order", agent=ANNA),
        lambda: keep.templates(engine, agent=ANNA),
        lambda: keep.drop_template(engine, name="order", agent=ANNA, now=now),
    ):
        with pytest.raises(errors.Forbidden):
            call()
