"""Knowledge for those who help: who sees what, one voice a person and version, poor articles looked at again."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from engine import errors
from engine.domain import articles, library
from engine.model import nodes, triggers
from engine.model.expression import Expression
from engine.model.program import Flow, Program
from engine.people.agent import Agent
from engine.runtime import start
from tests.house import House, house
from tests.web.furnished import article

ANNA = Agent(key="anna", name="Anna", roles=frozenset({"staff"}))


def keeper() -> Program:
    """A case that keeps an article, as CSS-07 does."""
    wait = nodes.ReceiveTask(id="low", message=triggers.Message(name=library.RATED_LOW, key=Expression(text="article")))
    flows = (Flow(id="f1", source="begin", target="low"), Flow(id="f2", source="low", target="end"))
    return Program(key="keeps", nodes=(nodes.StartEvent(id="begin"), wait, nodes.EndEvent(id="end")), flows=flows)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as home:
        home.customer("c-1", name="李雷贸易")
        stocked(home)
        yield home


def stocked(home: House) -> None:
    with home.engine.store.transaction() as tx:
        articles.keep(tx, article("KB-1"))
        articles.keep(tx, article("KB-2", audience="internal", customer="c-1", review_on="2026-03-01"))
        articles.keep(tx, article("KB-3", status="retired"))


def found(home: House, **asked: Any) -> list[str]:
    told = library.search(home.engine, agent=ANNA, now=home.now, **asked)
    return [one.article.key for one in told]


@pytest.mark.parametrize(
    ("asked", "keys"),
    [
        ({}, ["KB-1", "KB-2"]),
        ({"limit": 1}, ["KB-1"]),
        ({"after": "KB-1"}, ["KB-2"]),
        ({"status": "retired"}, ["KB-3"]),
        ({"status": "hidden"}, []),
        ({"text": "密码"}, ["KB-1", "KB-2"]),
        ({"text": "  PASSWORD ", "limit": 1}, ["KB-1"]),
        ({"text": "password", "status": "retired"}, ["KB-3"]),
        ({"text": "码"}, ["KB-1", "KB-2"]),
        ({"text": "kb-2"}, ["KB-2"]),
        ({"text": "passw", "limit": 1}, ["KB-1"]),
        ({"text": "码", "status": "hidden"}, []),
        ({"text": "%_'\x00"}, []),
        ({"text": "x" * 5000}, []),
    ],
)
def test_articles_are_found_by_question_and_status(shelf: House, asked: dict[str, Any], keys: list[str]) -> None:
    assert found(shelf, **asked) == keys


def test_an_article_says_whose_it_is_and_that_its_review_is_late(shelf: House) -> None:
    told = {one.article.key: one for one in library.search(shelf.engine, agent=ANNA, now=shelf.now)}
    assert (told["KB-1"].customer_name, told["KB-1"].late) == ("", False)
    assert told["KB-2"].customer_name and told["KB-2"].late


@pytest.mark.parametrize("deed", ["get", "rate"])
def test_what_is_not_there_is_told_in_both_languages(shelf: House, deed: str) -> None:
    more = {"useful": True} if deed == "rate" else {}
    with pytest.raises(errors.NotFound) as refused:
        getattr(library, deed)(shelf.engine, key="KB-9", agent=ANNA, now=shelf.now, **more)
    assert refused.value.text == {"zh-CN": "没有文章 KB-9。", "en": "There is no article 'KB-9'."}


def test_who_may_not_see_customers_sees_no_articles(shelf: House) -> None:
    nobody = Agent(key="n", name="N", roles=frozenset())
    with pytest.raises(errors.Forbidden):
        library.search(shelf.engine, agent=nobody, now=shelf.now)
    with pytest.raises(errors.Forbidden):
        library.rate(shelf.engine, key="KB-1", useful=True, agent=nobody, now=shelf.now)
    with pytest.raises(errors.Invalid) as refused:
        library.search(shelf.engine, agent=ANNA, now=shelf.now, status="burnt")
    assert "burnt" in refused.value.text["zh-CN"]


def test_one_person_counts_once_for_each_version_whatever_they_press(shelf: House) -> None:
    with ThreadPoolExecutor(max_workers=4) as pool:
        said = [
            pool.submit(library.rate, shelf.engine, key="KB-1", useful=useful, agent=ANNA, now=shelf.now)
            for useful in (True, False) * 4
        ]
        [one.result() for one in said]
    rated = library.get(shelf.engine, key="KB-1", agent=ANNA, now=shelf.now).article
    assert rated.useful + rated.useless == 1
    with shelf.engine.store.transaction() as tx:
        articles.keep(tx, article("KB-1", version=2))
    again = library.rate(shelf.engine, key="KB-1", useful=False, agent=ANNA, now=shelf.now).article
    assert (again.useful, again.useless) == (0, 1)


def test_what_ten_found_of_no_use_is_looked_at_again_by_its_case(shelf: House) -> None:
    shelf.release(keeper())
    case = start.start(
        shelf.engine, process="keeps", customer_id="c-1", data={"article": "KB-1"}, agent=ANNA, now=shelf.now
    ).instance.id
    for n in range(articles.RATED_AT_LEAST):
        with shelf.engine.store.reading() as tx:
            kept = tx.instances.get(case)
        assert kept is not None and kept.status == "active", n
        voice = Agent(key=f"p{n}", name="P", roles=frozenset({"staff"}))
        library.rate(shelf.engine, key="KB-1", useful=n < 3, agent=voice, now=shelf.now)
    with shelf.engine.store.reading() as tx:
        kept = tx.instances.get(case)
    assert kept is not None and kept.status == "completed"
