"""Many tasks at once for programs: a result for each, and the same answer for the same key."""

import pytest

from tests.web.api.conftest import Programs


def tasks(selling: Programs, count: int = 3) -> list[str]:
    for _ in range(count):
        selling.post("/instances", {"process": "quote", "customer_id": "C-1"})
    return [one["id"] for one in selling.get("/tasks?shelf=claimable", by="sam").json["items"]]


def test_each_has_its_result(selling: Programs) -> None:
    ids = tasks(selling)
    selling.post(f"/tasks/{ids[0]}/claim", by="sue")
    answer = selling.post("/tasks/bulk", {"verb": "claim", "ids": [*ids, "none.1"]}, by="sam")
    assert (answer.status_code, answer.json["done"], answer.json["refused"]) == (200, 2, 2)
    codes = {one["id"]: one["code"] for one in answer.json["items"]}
    assert codes == {ids[0]: "claimed_by_another", ids[1]: "", ids[2]: "", "none.1": "work_item_unknown"}
    asked = selling.post("/tasks/bulk", {"verb": "approve", "ids": ids[1:]}, by="sam").json
    assert {one["code"] for one in asked["items"]} == {"asks_for_more"}


def test_the_same_key_again_gives_the_same_answer(selling: Programs) -> None:
    ids = tasks(selling)
    headers = {"Idempotency-Key": "bulk-1"}
    first = selling.post("/tasks/bulk", {"verb": "claim", "ids": ids}, by="sam", headers=headers).json
    again = selling.post("/tasks/bulk", {"verb": "claim", "ids": ids}, by="sam", headers=headers).json
    assert first == again and first["done"] == 3


@pytest.mark.parametrize(
    "body",
    [
        {"verb": "claim", "ids": []},
        {"verb": "claim", "ids": ["x.1"] * 201},
        {"verb": "burn", "ids": ["x.1"]},
        {"verb": "transfer", "ids": ["x.1"]},
        {"verb": "due", "ids": ["x.1"], "due_at": "soon"},
        {"verb": "due", "ids": ["x.1"]},
        {"ids": ["x.1"]},
    ],
)
def test_what_is_wrong_is_refused_whole(api: Programs, body: dict[str, object]) -> None:
    answer = api.post("/tasks/bulk", body, by="sam")
    assert answer.status_code == 422 and answer.json["code"]
    assert api.post("/tasks/bulk", {"verb": "claim", "ids": ["x.1"]}, by="rita").status_code == 403
