"""Several tasks at once on the page: chosen, done, told one by one; or opened one after another."""

from tests.house import House
from tests.web.conftest import Browser, words

YES = {"f/outcome": "approved"}


def waiting(desk: House, count: int = 3) -> list[str]:
    return [desk.item(desk.start("quote", amount=5), "approve").id for _ in range(count)]


def test_each_row_can_be_chosen_and_what_is_done_is_told(desk: House, anna: Browser) -> None:
    ids = waiting(desk)
    page = anna.get("/inbox/open")
    assert page.text.count('name="ids"') == 3 and 'form="bulk"' in page.text
    anna.post("/inbox/open/bulk", {"ids": ids[:2], "do": "claim"}, page="/inbox/open")
    assert "2 tasks are yours now." in words(anna.get("/inbox"))
    assert [desk.item(one.rpartition(".")[0], "approve").assignee for one in ids] == ["anna", "anna", None]


def test_what_was_refused_is_told_by_its_name(desk: House, anna: Browser, bo: Browser) -> None:
    first, second, _ = waiting(desk)
    bo.post("/inbox/open/bulk", {"ids": [first], "do": "claim"})
    anna.post("/inbox/open/bulk", {"ids": [first, second], "do": "claim"})
    said = words(anna.get("/inbox/open"))
    assert "1 task is yours now." in said and "was not done: bo has been working on this task" in said


def test_several_are_opened_one_after_another(desk: House, anna: Browser) -> None:
    ids = waiting(desk)
    anna.post("/inbox/open/bulk", {"ids": ids, "do": "claim"})
    opened = anna.post("/inbox/mine/bulk", {"ids": [ids[2], ids[0]], "do": "open"})
    address = opened.headers["Location"]
    assert address.startswith(f"/tasks/{ids[2]}?")
    done = anna.post(address, YES, page=address)
    assert done.headers["Location"].startswith(f"/tasks/{ids[0]}?"), "the next of the chosen, not of the list"
    last = done.headers["Location"]
    done = anna.post(last, YES, page=last)
    assert done.headers["Location"] == "/inbox/mine"


def test_nothing_chosen_or_nothing_to_do_is_told(anna: Browser) -> None:
    anna.post("/inbox/mine/bulk", {"do": "claim"})
    assert "Choose 1 to 200 tasks." in words(anna.get("/inbox"))
    anna.post("/inbox/mine/bulk", {"ids": ["x.1"], "do": "burn"})
    assert "Say what to do with them." in words(anna.get("/inbox"))
    anna.post("/inbox/mine/bulk", {"ids": ["x.1"], "do": "transfer"})
    assert "Please name one person." in words(anna.get("/inbox"))
    assert anna.post("/inbox/attic/bulk", {"do": "claim"}).status_code == 404


def test_many_refusals_are_summed_up(anna: Browser) -> None:
    anna.post("/inbox/mine/bulk", {"ids": [f"x.{n}" for n in range(13)], "do": "claim"})
    assert "3 more were not done." in words(anna.get("/inbox"))
