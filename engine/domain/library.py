"""Knowledge articles for those who help: found by full text, read in both languages, said to be of use or of none."""

import hashlib
from datetime import datetime
from typing import get_args

import msgspec

from engine import care, errors
from engine.domain import articles
from engine.messages import correlate
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction

RATED_LOW = "article.rated_low"
"""The message that the case of an article waits for, by the article's key."""
STATES: tuple[articles.Status, ...] = get_args(articles.Status)


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """``customer_name`` is of the one that it is for alone; ``late``: the day of its review has passed."""

    article: care.Article
    customer_name: str = ""
    late: bool = False


def search(
    engine: Engine, *, agent: Agent, now: datetime, text: str = "", status: str = "", after: str = "", limit: int = 50
) -> list[Listed]:
    """What answers ``text`` best, else what has it in its name; without it all of the status, by key, behind ``after``.
    Published ones where no status is named. Raises Forbidden, Invalid."""
    rights.need(agent, "customer.see")
    wanted = next((one for one in STATES if one == (status or "published")), None)
    if wanted is None:
        raise errors.Invalid(
            "article_status",
            zh=f"没有文章状态“{status}”，可用：{'、'.join(STATES)}。",
            en=f"There is no status {status!r} of an article; there are {', '.join(STATES)}.",
        )
    asked = text.strip()[:200]
    with engine.store.reading() as tx:
        if asked:
            found = articles.search(tx, asked, sees=articles.AUDIENCES, customer=None, limit=limit, status=wanted)
            found = found or [one for one in tx.articles.all() if one.status == wanted and _named(one, asked)][:limit]
        else:
            found = [one for one in tx.articles.all() if one.status == wanted and one.key > after][:limit]
        return _listed(tx, found, now)


def get(engine: Engine, *, key: str, agent: Agent, now: datetime) -> Listed:
    """Raises Forbidden, NotFound."""
    rights.need(agent, "customer.see")
    with engine.store.reading() as tx:
        return _listed(tx, [_known(tx, key)], now)[0]


def rate(engine: Engine, *, key: str, useful: bool, agent: Agent, now: datetime) -> Listed:
    """Counted once for each person and version. When enough found it of no use, its case looks at it again at once.

    Raises Forbidden, NotFound, and Conflict for what is not published.
    """
    rights.need(agent, "customer.see")

    def work(tx: Transaction) -> Listed:
        article = _known(tx, key)
        if article.status != "published":
            raise errors.Conflict(
                "article_not_published",
                zh=f"文章 {key} 现在没有发布，不能评价。",
                en=f"The article {key!r} is not published now and cannot be rated.",
                key=key,
            )
        if tx.articles.rate(key, _voice(agent, article), useful):
            article = _known(tx, key)
            if articles.low(article):
                _look_again(engine, tx, key, agent, now)
        return _listed(tx, [article], now)[0]

    return engine.store.run(work)


def _named(article: care.Article, part: str) -> bool:
    """By its key, or by part of a title or keyword: a single Chinese sign is no term of the full text."""
    names = (article.key, article.title, *article.titles.values(), *article.keywords)
    return any(part.casefold() in name.casefold() for name in names)


def _voice(agent: Agent, article: care.Article) -> str:
    """Who says it of which version, as long as the id of a case."""
    return hashlib.sha256(f"{agent.key} {article.version}".encode()).hexdigest()[:32]


def _look_again(engine: Engine, tx: Transaction, key: str, agent: Agent, now: datetime) -> None:
    """To each case that keeps this article; there is none where the article came in without one."""
    for one in tx.messages.waiting(trigger="message", name=RATED_LOW, key=key):
        correlate.hand_over(engine, tx, one.instance_id, one.wait, {}, agent=agent, now=now)


def _listed(tx: Transaction, found: list[care.Article], now: datetime) -> list[Listed]:
    names = tx.customers.named(sorted({one.customer for one in found if one.customer}))
    return [
        Listed(
            article=one,
            customer_name=names.get(one.customer, one.customer),
            late=bool(one.review_on) and one.review_on < now.date().isoformat(),
        )
        for one in found
    ]


def _known(tx: Transaction, key: str) -> care.Article:
    found = tx.articles.get(key)
    if found is None:
        raise errors.NotFound("article_unknown", zh=f"没有文章 {key}。", en=f"There is no article {key!r}.", key=key)
    return found
