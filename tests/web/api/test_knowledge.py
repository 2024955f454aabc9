"""Knowledge articles through the API: found, read, rated once."""

import pytest

from engine.domain import articles
from tests.web.api.conftest import Programs
from tests.web.furnished import article


@pytest.fixture
def shelf(selling: Programs) -> Programs:
    with selling.engine.store.transaction() as tx:
        for key in ("KB-1", "KB-2"):
            articles.keep(tx, article(key))
        articles.keep(tx, article("KB-3", status="hidden"))
    return selling


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("", ["KB-1", "KB-2"]),
        ("?limit=1", ["KB-1"]),
        ("?after=KB-1", ["KB-2"]),
        ("?text=忘记密码&limit=1", ["KB-1"]),
        ("?status=hidden", ["KB-3"]),
    ],
)
def test_articles_are_listed_and_found(shelf: Programs, query: str, keys: list[str]) -> None:
    assert [one["article"]["key"] for one in shelf.get(f"/articles{query}").json["items"]] == keys


def test_an_article_is_read_and_rated_once(shelf: Programs) -> None:
    told = shelf.get("/articles/KB-1").json
    assert told["article"]["titles"]["en"] == "Reset a password" and told["late"] is False
    for useful in (True, False):
        told = shelf.post("/articles/KB-1/rating", {"useful": useful}).json
        assert (told["article"]["useful"], told["article"]["useless"]) == (1, 0)


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/articles/KB-9/rating", {"useful": True}, 404),
        ("/articles/KB-3/rating", {"useful": True}, 409),
        ("/articles/KB-1/rating", {"useful": "yes"}, 422),
        ("/articles/KB-1/rating", {}, 422),
        ("/articles/KB-1/rating", {"useful": True, "more": 1}, 422),
    ],
)
def test_a_bad_rating_is_refused(shelf: Programs, path: str, body: dict[str, object], status: int) -> None:
    assert shelf.post(path, body).status_code == status


@pytest.mark.parametrize(
    ("path", "status"),
    [("/articles/KB-9", 404), ("/articles?status=burnt", 422), ("/articles?limit=0", 422), ("/articles?x=1", 422)],
)
def test_a_bad_question_is_refused(shelf: Programs, path: str, status: int) -> None:
    assert shelf.get(path).status_code == status
