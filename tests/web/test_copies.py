"""A drawing made elsewhere becomes a variant on its page: what is shown, what is taken, what is refused."""

import html
import io
import re
from collections.abc import Callable
from typing import Any

import pytest

from engine.bpmn import write
from engine.variants import compose
from engine.variants.operations import kinds
from tests.house import House
from tests.web.conftest import Browser, quote_program, words
from tests.web.furnished import furnish

HERE = "/variants/quote/KA/copy"
CALL: dict[str, Any] = {
    "id": "ka_call",
    "kind": "insert",
    "at": {"after": "approve"},
    "node": {"type": "userTask", "names": {"zh-CN": "致电", "en": "Call"}, "performer": {"groups": ["sales"]}},
    "reason": {"zh-CN": "-", "en": "-"},
}
SLA = {"id": "x", "kind": "set_sla", "target": "approve", "promise": {"duration": "PT10M"}, "reason": CALL["reason"]}


def drew(*operations: dict[str, Any]) -> bytes:
    return write.write(compose.program(quote_program(), kinds.read(list(operations))))


@pytest.fixture
def boss(desk: House, app: Any, sign_in: Callable[[str], Browser]) -> Browser:
    furnish(desk)
    app.extensions["engine"] = desk.engine
    return sign_in("boss")


def upload(browser: Browser, content: bytes, name: str = "copy.bpmn", **typed: str) -> Any:
    data = {"csrf_token": browser.token(HERE), "file": (io.BytesIO(content), name), **typed}
    return browser.client.post(HERE, data=data, content_type="multipart/form-data")


def hidden(answer: Any, name: str) -> str:
    found = re.search(f'name="{name}" value="([^"]*)"', answer.text)
    assert found is not None, name
    return html.unescape(found[1])


def take(browser: Browser, answer: Any, *chosen: str, **more: str) -> Any:
    sent = {"operations": hidden(answer, "operations"), "seen": hidden(answer, "seen"), "take": list(chosen), **more}
    return browser.post(f"{HERE}/take", sent, page=HERE)


def test_the_variants_page_leads_to_it(boss: Browser) -> None:
    assert f'href="{HERE}"' in boss.get("/variants/quote/KA").text


def test_what_was_drawn_is_told_line_by_line_and_nothing_is_written(boss: Browser) -> None:
    before = boss.get("/variants/quote/KA").text
    answer = upload(boss, drew(CALL, SLA))
    told = words(answer)
    assert answer.status_code == 200 and "new: Call, after" in told and "within 10 minutes" in told
    assert "exactly the process that was drawn" in told and 'data-exact="yes"' in answer.text
    assert boss.get("/variants/quote/KA").text.count("within 10 minutes") == before.count("within 10 minutes")


def test_what_is_ticked_becomes_the_draft_and_the_rest_does_not(boss: Browser) -> None:
    answer = upload(boss, drew(CALL, SLA), reason="the branch drew it")
    assert "is replaced" in words(answer)
    assert take(boss, answer, "ka_call").status_code == 303
    told = words(boss.get("/variants/quote/KA"))
    assert "new: Call" in told and "within 10 minutes" not in told and "Because: the branch drew it" in told


def test_a_proposal_over_somebody_elses_change_is_refused(boss: Browser) -> None:
    first, second = upload(boss, drew(CALL)), upload(boss, drew(SLA))
    assert take(boss, first, "ka_call").status_code == 303
    late = take(boss, second, "ka_set_sla_1")
    assert late.status_code == 409 and "Somebody else changed this variant" in words(late)


def test_what_cannot_be_expressed_is_shown_beside_what_can(boss: Browser) -> None:
    more = b'<bpmn:boundaryEvent id="odd" name="Odd" attachedToRef="approve"/></bpmn:process>'
    answer = upload(boss, drew(CALL).replace(b"</bpmn:process>", more))
    assert 'data-exact="no"' in answer.text and "new: Call" in words(answer)
    assert "no operation puts it in" in words(answer)


def test_the_same_process_is_told_to_be_the_same(boss: Browser) -> None:
    answer = upload(boss, drew())
    assert "what the group gets already" in words(answer) and "Take as the draft" not in words(answer)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty.bpmn"),
        (b"PK\x03\x04 not xml", "zip.bpmn"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "entity.bpmn"),
        (b"<a>" * 5000, "deep.bpmn"),
        (b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', "<script>alert(1)</script>.bpmn"),
    ],
)
def test_a_file_that_is_none_comes_back_with_its_fault_and_the_reason_typed(
    content: bytes, name: str, boss: Browser
) -> None:
    answer = upload(boss, content, name, reason="my reason")
    assert answer.status_code == 422
    assert "holds no process that can be read" in words(answer) and 'value="my reason"' in answer.text
    assert "<script>alert" not in answer.text


def test_no_file_is_asked_for_again(boss: Browser) -> None:
    answer = boss.post(HERE, {"reason": ""}, page=HERE)
    assert answer.status_code == 422 and "Choose a BPMN file" in words(answer)


@pytest.mark.parametrize("operations", ["", "{", "[1]", '{"id": 1}', "[" * 100_000, "null"])
def test_a_proposal_that_was_tampered_with_is_refused(operations: str, boss: Browser) -> None:
    answer = boss.post(f"{HERE}/take", {"operations": operations, "take": "x", "seen": ""}, page=HERE)
    assert answer.status_code == 422


def test_words_that_are_no_operation_are_kept_in_the_draft_with_their_problem(boss: Browser) -> None:
    answer = upload(boss, drew(CALL))
    odd = '[{"id": "ka_call", "kind": "explode", "reason": {"zh-CN": "x", "en": "x"}}]'
    assert take(boss, answer, "ka_call", operations=odd).status_code == 303
    assert boss.get("/variants/quote/KA").status_code == 200
