"""The pages of knowledge articles: found in both languages, read, rated once by each person."""

import pytest

from engine.domain import articles
from tests.house import House
from tests.web.conftest import Browser, words
from tests.web.furnished import article


@pytest.fixture
def shelf(desk: House) -> House:
    """One for everybody, a private one of c-1, a hidden one."""
    desk.customer("c-1", name="李雷贸易")
    with desk.engine.store.transaction() as tx:
        articles.keep(tx, article("KB-1", review_on="2020-01-01"))
        private = {"titles": {"zh-CN": "专线密码", "en": "Password of the line"}, "title": "专线密码"}
        articles.keep(tx, article("KB-2", customer="c-1", audience="internal", **private))
        articles.keep(tx, article("KB-3", status="hidden"))
    return desk


def test_an_article_is_found_by_what_is_asked_in_either_language(shelf: House, anna: Browser, bo: Browser) -> None:
    english, chinese = words(anna.get("/knowledge?q=forgotten password")), words(bo.get("/knowledge?q=忘记密码怎么办"))
    assert "Reset a password" in english and "KB-1" in english and "KB-3" not in english
    assert "重置密码" in chinese and "复审逾期" in chinese
    assert "For 李雷贸易 alone" in english and "只给 李雷贸易" in chinese
    assert "No article answers this" in words(anna.get("/knowledge?q=quantum"))
    assert "没有找到文章" in words(bo.get("/knowledge?q=月亮"))


def test_what_is_hidden_is_listed_by_its_status(shelf: House, anna: Browser) -> None:
    for query in ("status=hidden", "status=hidden&q=password"):
        page = words(anna.get(f"/knowledge?{query}"))
        assert "KB-3" in page and "KB-1" not in page
    assert "No articles here yet" in words(anna.get("/knowledge?status=retired"))
    assert anna.get("/knowledge?status=burnt").status_code == 422


def test_an_article_speaks_both_languages_and_is_rated(shelf: House, anna: Browser, bo: Browser) -> None:
    page = words(anna.get("/knowledge/KB-1"))
    assert "It is forgotten" in page and "点“忘记密码”" in page and "Did it help?" in page
    for _ in range(2):
        assert anna.post("/knowledge/KB-1/rating", {"useful": "yes"}, page="/knowledge/KB-1").status_code == 303
    bo.post("/knowledge/KB-1/rating", {"useful": "no"}, page="/knowledge/KB-1")
    assert "有用 1 · 没用 1" in words(bo.get("/knowledge/KB-1"))


@pytest.mark.parametrize("key", ["KB-9", "'; drop table article", "%00", "../KB-1"])
def test_who_asks_for_no_article_is_told(shelf: House, anna: Browser, key: str) -> None:
    assert anna.get(f"/knowledge/{key}").status_code == 404


def test_what_is_hidden_is_not_rated(shelf: House, anna: Browser, bo: Browser) -> None:
    assert "Did it help?" not in words(anna.get("/knowledge/KB-3"))
    refused = bo.post("/knowledge/KB-3/rating", {"useful": "yes"}, page="/knowledge/KB-1")
    assert refused.status_code == 409 and "现在没有发布" in words(refused)
