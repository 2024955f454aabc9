"""Which tickets wait for the fix of a known problem, and which articles may answer what somebody asks."""

import unicodedata
from collections.abc import Mapping, Sequence

from engine import trade
from engine.domain import given
from engine.ports import Handler, JobAnswer, JobCall, Store, Transaction

AT_MOST = 3


def handlers(store: Store) -> Mapping[str, Handler]:
    return {
        "knowledge.link": lambda call: store.run(lambda tx: _link(tx, call)),
        "articles.suggest": lambda call: _suggest(store, call),
    }


def _link(tx: Transaction, call: JobCall) -> JobAnswer:
    problem = given.text(call, "problem")
    tx.ledger.link_problem(problem, given.text(call, "ticket"), call.now)
    return JobAnswer(data={"waiting_tickets": len(tx.ledger.linked(problem))})


def suggested(articles: Sequence[trade.Article], asked: str) -> list[trade.Article]:
    """Those with a keyword in what is asked, in any language; most keywords first, then by key."""
    words = unicodedata.normalize("NFKC", asked).casefold()
    hits = {one.key: sum(keyword.casefold() in words for keyword in one.keywords) for one in articles}
    found = [one for one in articles if hits[one.key]]
    return sorted(found, key=lambda one: (-hits[one.key], one.key))[:AT_MOST]


def _suggest(store: Store, call: JobCall) -> JobAnswer:
    with store.reading() as tx:
        articles = tx.ledger.articles()
    found = suggested(articles, given.text(call, "text"))
    return JobAnswer(data={"articles": [f"{one.key} {one.title}" for one in found]})
