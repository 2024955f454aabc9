"""Knowledge articles: found in Chinese and English, published in both, hidden, rated and looked at again."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import care, errors
from engine.domain import articles, fulltext
from engine.store.unit_of_work import Store
from tests.unit.domain.conftest import Run

# --- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("重置密码", ["重置", "置密", "密码"]),
        ("密", ["密"]),
        ("Reset the PASSWORD", ["reset", "the", "password"]),
        ("ＶＰＮ连接失败 error-809", ["vpn", "连接", "接失", "失败", "error", "809"]),
        ("打印/模板，打印", ["打印", "模板", "打印"]),
        ("snake_case", ["snake", "case"]),
        ("Größe straße", ["grösse", "strasse"]),
        ("x" * 90, ["x" * 40]),
    ],
)
def test_words_of_each_language_are_terms(text: str, expected: list[str]) -> None:
    assert fulltext.terms(text) == expected


@given(st.text(max_size=80))
@settings(max_examples=200, deadline=None)
def test_any_text_has_terms_of_bounded_length_and_a_question_a_bounded_number(text: str) -> None:
    assert all(0 < len(term) <= fulltext.TERM_MOST * 2 for term in fulltext.terms(text))
    assert len(fulltext.asked(text * 50)) <= fulltext.ASKED_MOST


def test_a_title_counts_more_than_a_body() -> None:
    assert fulltext.weights([("密码 password", 3), ("密码 forgotten", 1)]) == {"密码": 4, "password": 3, "forgotten": 1}


def test_rare_terms_decide_and_more_of_them_decide_more() -> None:
    postings = {"系统": {"a": 1, "b": 1, "c": 1}, "密码": {"b": 1}, "重置": {"b": 1, "c": 1}}
    assert [key for key, _ in fulltext.rank(postings, 3)] == ["b", "c", "a"]
    assert fulltext.rank({}, 3) == []


@given(st.dictionaries(st.text(max_size=2), st.dictionaries(st.sampled_from("abcd"), st.integers(1, 9), min_size=1)))
@settings(max_examples=100, deadline=None)
def test_every_holder_of_a_term_has_a_mark_above_nothing(postings: dict[str, dict[str, int]]) -> None:
    ranked = fulltext.rank(postings, 4)
    assert {key for key, _ in ranked} == {key for holders in postings.values() for key in holders}
    assert all(mark > 0 for _, mark in ranked)
    assert [mark for _, mark in ranked] == sorted((mark for _, mark in ranked), reverse=True)


# --- found -----------------------------------------------------------------------------------------------------------


def put(store: Store, key: str, title: str, **more: Any) -> None:
    with store.transaction() as tx:
        articles.keep(tx, care.Article(key=key, title=title, **more))


@pytest.fixture
def shelf(store: Store) -> None:
    put(store, "KB-1", "重置密码 / Reset a password", keywords=("登录", "login"))
    put(store, "KB-2", "导出联系人 / Export contacts", solution={"zh-CN": "在设置里导出", "en": "Settings, export"})
    put(store, "KB-3", "密码规则 / Password rules", audience="internal")
    put(store, "KB-4", "专线登录 / Login by leased line", customer="c-1")
    put(store, "KB-5", "旧版登录 / Old login", status="retired")
    put(store, "KB-6", "登录页打不开 / Login page is blank", status="hidden")


@pytest.mark.parametrize(
    ("text", "sees", "customer", "expected"),
    [
        ("忘记密码了怎么办？", [], "c-2", ["KB-1"]),
        ("I forgot my PASSWORD", [], "c-2", ["KB-1"]),
        ("登录时提示密码错误", ["public", "internal"], "c-2", ["KB-1", "KB-3"]),
        ("登录不了", [], "c-1", ["KB-1", "KB-4"]),
        ("登录不了", [], "c-2", ["KB-1"]),
        ("怎样导出", [], "c-2", ["KB-2"]),
        ("发票", [], "c-2", []),
        ("？！", [], "c-2", []),
    ],
)
def test_the_best_articles_that_one_may_see_are_suggested(
    ask: Run, shelf: None, text: str, sees: list[str], customer: str, expected: list[str]
) -> None:
    told = ask("articles.suggest", customer=customer, text=text, sees=sees).data
    assert told["article_keys"] == expected
    assert [one.split()[0] for one in told["articles"]] == expected


def test_no_more_than_three_are_suggested(run: Run, store: Store) -> None:
    for number in range(6):
        put(store, f"KB-{number}", "密码")
    assert len(run("articles.suggest", text="密码").data["articles"]) == articles.AT_MOST


def test_what_was_changed_is_found_by_its_new_words_only(run: Run, store: Store) -> None:
    put(store, "KB-1", "打印模板")
    put(store, "KB-1", "发票抬头")
    assert run("articles.suggest", text="打印模板").data["articles"] == []
    assert run("articles.suggest", text="发票抬头").data["articles"] == ["KB-1 发票抬头"]


@pytest.mark.parametrize(
    ("title", "problem", "same"),
    [
        ("重置密码", "登录", "KB-1"),
        ("Reset password", "login", "KB-1"),
        ("导出发票", "找不到发票按钮", None),
        ("旧版登录", "", None),
        ("!!", "", None),
    ],
)
def test_what_is_much_the_same_is_named(run: Run, shelf: None, title: str, problem: str, same: str | None) -> None:
    assert run("articles.similar", title=title, problem=problem).data["same_article"] == same


def test_an_article_is_not_the_same_as_itself(run: Run, shelf: None) -> None:
    assert run("articles.similar", title="重置密码", article="KB-1").data["same_article"] is None


# --- published -------------------------------------------------------------------------------------------------------

TEXT: dict[str, Any] = {
    "title": "网关离线", "title_en": "Gateway offline", "problem": "灯灭", "problem_en": "No light",
    "solution": "重启", "solution_en": "Restart it", "audience": "public", "keywords": ["iot"], "product": "gateway",
}  # fmt: skip


def test_a_published_article_has_a_version_a_day_of_review_and_is_found_in_both_languages(run: Run) -> None:
    told = run("articles.publish", instance="0000abcdefgh", **TEXT).data
    assert told == {"article": "KB-abcdefgh", "article_version": 1, "review_on": "2026-08-29"}
    for question in ("网关离线了", "the gateway is offline", "iot", "restart"):
        assert run("articles.suggest", text=question).data["article_keys"] == ["KB-abcdefgh"], question


def test_a_change_is_the_next_version_and_the_same_again_is_none(run: Run) -> None:
    versions = [
        run("articles.publish", article="KB-9", **TEXT | more).data["article_version"]
        for more in ({}, {}, {"solution": "拔电重启"}, {"solution": "拔电重启"}, {})
    ]
    assert versions == [1, 1, 2, 2, 3]


def test_a_private_article_is_for_its_customer_alone(ask: Run) -> None:
    ask("articles.publish", customer="c-1", article="KB-9", private=True, **TEXT)
    assert ask("articles.suggest", customer="c-1", text="网关离线").data["article_keys"] == ["KB-9"]
    assert ask("articles.suggest", customer="c-2", text="网关离线").data["article_keys"] == []


@pytest.mark.parametrize("lacking", ["title_en", "solution_en"])
def test_what_is_public_is_there_in_both_languages(run: Run, lacking: str) -> None:
    with pytest.raises(errors.Invalid) as caught:
        run("articles.publish", **TEXT | {lacking: ""})
    assert caught.value.code == "article_one_language" and len(caught.value.text) == 2
    assert run("articles.publish", **TEXT | {lacking: "", "audience": "internal"}).data["article_version"] == 1


@pytest.mark.parametrize(
    ("handler", "values", "parameter"),
    [
        ("articles.publish", TEXT | {"audience": "everybody"}, "audience"),
        ("articles.publish", TEXT | {"title": ""}, "title"),
        ("articles.publish", TEXT | {"solution": None}, "solution"),
        ("articles.publish", TEXT | {"keywords": "iot"}, "keywords"),
        ("articles.publish", TEXT | {"review_after": "soon"}, "review_after"),
        ("articles.suggest", {}, "text"),
        ("articles.similar", {}, "title"),
        ("articles.merge", {"title": "x"}, "into"),
        ("articles.rate", {"article": "KB-1", "useful": "yes"}, "useful"),
    ],
)
def test_what_is_none_is_named(run: Run, shelf: None, handler: str, values: dict[str, Any], parameter: str) -> None:
    with pytest.raises(errors.Invalid) as caught:
        run(handler, **values)
    assert caught.value.ids == {"handler": handler, "parameter": parameter}


@pytest.mark.parametrize("handler", ["articles.hide", "articles.retire", "articles.keep", "articles.rate"])
def test_an_article_that_is_not_there_is_told_in_both_languages(run: Run, handler: str) -> None:
    with pytest.raises(errors.NotFound) as caught:
        run(handler, article="KB-404", useful=True)
    assert len([words for words in caught.value.text.values() if "KB-404" in words]) == 2


# --- merged, hidden, rated, looked at again --------------------------------------------------------------------------


def test_a_merged_problem_is_a_keyword_and_found(run: Run, shelf: None, store: Store) -> None:
    for _ in range(2):
        run("articles.merge", into="KB-1", title="账号锁定", keywords=["locked"])
    with store.reading() as tx:
        kept = tx.articles.get("KB-1")
    assert kept is not None and kept.keywords == ("登录", "login", "账号锁定", "locked")
    assert run("articles.suggest", text="账号锁定").data["article_keys"] == ["KB-1"]


def test_hidden_is_not_found_kept_is_found_again_and_retired_stays_retired(run: Run, shelf: None) -> None:
    def found() -> list[str]:
        return list(run("articles.suggest", text="重置密码").data["article_keys"])

    run("articles.hide", article="KB-1")
    assert found() == []
    assert run("articles.keep", article="KB-1", review_after="P90D").data == {"review_on": "2026-05-31"}
    assert found() == ["KB-1"]
    run("articles.retire", article="KB-1")
    run("articles.hide", article="KB-1")
    assert found() == []


@pytest.mark.parametrize(
    ("useful", "useless", "low"), [(0, 9, False), (4, 6, True), (5, 5, False), (0, 10, True), (0, 0, False)]
)
def test_ten_ratings_with_two_fifths_useful_are_low(useful: int, useless: int, low: bool) -> None:
    assert articles.low(care.Article(key="k", title="t", useful=useful, useless=useless)) is low


def test_a_case_rates_once_and_many_at_once_all_count(run: Run, shelf: None, store: Store) -> None:
    def rate(number: int) -> Any:
        return run("articles.rate", instance=f"i-{number % 12}", article="KB-1", useful=number % 12 < 4).data["low"]

    with ThreadPoolExecutor(max_workers=4) as pool:
        list(pool.map(rate, range(24)))
    with store.reading() as tx:
        kept = tx.articles.get("KB-1")
    assert kept is not None and (kept.useful, kept.useless) == (4, 8)
    assert rate(0) is True
    run("articles.keep", article="KB-1")
    assert run("articles.rate", instance="i-new", article="KB-1", useful=False).data["low"] is False
