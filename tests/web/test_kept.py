"""Filters kept under a name, on the page."""

from tests.house import House
from tests.web.conftest import Browser, words


def test_what_is_chosen_is_kept_found_again_and_thrown_away(desk: House, anna: Browser) -> None:
    desk.start("quote", amount=5)
    page = "/inbox/open?process=quote"
    assert "Keep it" in words(anna.get(page)) and "Keep it" not in words(anna.get("/inbox/open"))
    sent = {"name": "Quotes", "process": "quote", "staff_group": "sales"}
    answer = anna.post("/inbox/open/filters", sent, page=page)
    assert answer.headers["Location"] == "/inbox/open?process=quote"
    listed = anna.get("/inbox/filters")
    assert "Quotes 1" in words(listed) and 'href="/inbox/open?process=quote"' in listed.text
    with desk.engine.store.reading() as tx:
        (kept,) = tx.filters.of_person("anna", ())
    anna.post(f"/inbox/filters/{kept.id}/remove", page="/inbox/filters")
    assert words(anna.get("/inbox/filters")).strip() == ""


def test_a_colleague_reads_a_shared_one_and_cannot_throw_it_away(desk: House, anna: Browser, bo: Browser) -> None:
    anna.post("/inbox/mine/filters", {"name": "Late", "due": "late", "staff_group": "sales"})
    listed = bo.get("/inbox/filters")
    assert "Late" in words(listed) and "由 Anna 共享" in listed.text and "<form" not in listed.text
    with desk.engine.store.reading() as tx:
        (kept,) = tx.filters.of_person("anna", ())
    assert bo.post(f"/inbox/filters/{kept.id}/remove").status_code == 404


def test_a_name_that_is_none_is_told(anna: Browser) -> None:
    anna.post("/inbox/mine/filters", {"name": " ", "due": "late"})
    assert "Enter a name of at most 60 characters." in words(anna.get("/inbox"))
    assert anna.post("/inbox/nowhere/filters", {"name": "x"}).status_code == 404


def test_the_list_is_narrowed_to_a_customer_by_number_or_id(desk: House, anna: Browser) -> None:
    desk.start("quote", amount=5)
    for customer in ("C-1", "c-1", "C-1 李先生"):
        assert "Approve the discount" in words(anna.get("/inbox/open", query_string={"customer": customer}))
    assert "Nothing matches" in words(anna.get("/inbox/open?customer=C-2"))
