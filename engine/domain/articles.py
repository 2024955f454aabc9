"""Knowledge articles: published version by version in two languages, found by full text, hidden and retired in time."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Literal

import msgspec

from engine import care, errors
from engine.domain import fulltext, given
from engine.model.text import EN, ZH
from engine.ports import Handler, JobAnswer, JobCall, Store, Transaction

AT_MOST = 3
SAME = 0.6
"""So much of the terms of a new article's title and problem stand in one that is there: it is the same."""
RATED_AT_LEAST, USEFUL_AT_LEAST = 10, 0.4
"""An article that so many have rated and fewer than this share found useful is looked at again."""
AUDIENCES = ("internal", "partner", "public")
Status = Literal["published", "hidden", "retired"]


def handlers(store: Store) -> Mapping[str, Handler]:
    return {
        "articles.suggest": lambda call: _suggest(store, call),
        "articles.similar": lambda call: _similar(store, call),
        "articles.publish": lambda call: store.run(lambda tx: _publish(tx, call)),
        "articles.merge": lambda call: store.run(lambda tx: _merge(tx, call)),
        "articles.hide": lambda call: store.run(lambda tx: _set(tx, call, "hidden")),
        "articles.retire": lambda call: store.run(lambda tx: _set(tx, call, "retired")),
        "articles.keep": lambda call: store.run(lambda tx: _keep(tx, call)),
        "articles.rate": lambda call: store.run(lambda tx: _rate(tx, call)),
    }


def index(article: care.Article) -> dict[str, int]:
    """What is searched: titles and keywords count three times as much as the rest."""
    told = [(words, 3) for words in (article.title, *article.titles.values(), *article.keywords)]
    told += [(words, 1) for words in (article.body, *article.problem.values(), *article.solution.values())]
    return fulltext.weights(told)


def keep(tx: Transaction, article: care.Article) -> None:
    """The article with what it is found by."""
    tx.articles.put(article, index(article))


def search(
    tx: Transaction,
    question: str,
    *,
    sees: Iterable[str],
    customer: str | None,
    limit: int,
    status: Status = "published",
) -> list[care.Article]:
    """Those that answer best; ``sees``: audiences; private ones only for their customer, all of them for None."""
    wanted = fulltext.asked(question)
    allowed, found = set(sees), []
    for key, _ in fulltext.rank(tx.articles.postings(wanted), tx.articles.count()):
        article = tx.articles.get(key)
        if article is None or article.status != status or article.audience not in allowed:
            continue
        if customer is None or article.customer in ("", customer):
            found.append(article)
        if len(found) == limit:
            break
    return found


def low(article: care.Article) -> bool:
    rated = article.useful + article.useless
    return rated >= RATED_AT_LEAST and article.useful <= USEFUL_AT_LEAST * rated


def _suggest(store: Store, call: JobCall) -> JobAnswer:
    """``articles``: key and title of the best ones; ``sees`` are audiences, absent only what is public."""
    sees = [str(one) for one in given.items(call, "sees")] or ["public"]
    customer = call.customer.id if call.customer else ""
    with store.reading() as tx:
        found = search(tx, given.text(call, "text"), sees=sees, customer=customer, limit=AT_MOST)
    return JobAnswer(
        data={"articles": [f"{one.key} {one.title}" for one in found], "article_keys": [one.key for one in found]}
    )


def _similar(store: Store, call: JobCall) -> JobAnswer:
    """Of all that is not retired: what is much the same, and the one that most is."""
    title, problem = given.text(call, "title"), given.text(call, "problem", "")
    wanted = fulltext.asked(f"{title} {problem}")
    with store.reading() as tx:
        postings = tx.articles.postings(wanted)
        ranked = fulltext.rank(postings, tx.articles.count())
        near = [tx.articles.get(key) for key, _ in ranked[:AT_MOST]]
    there = [one for one in near if one and one.status != "retired" and one.key != given.text(call, "article", "")]
    same = [one for one in there if _share(wanted, postings, one.key) >= SAME]
    return JobAnswer(
        data={"similar": [f"{one.key} {one.title}" for one in there], "same_article": same[0].key if same else None}
    )


def _share(wanted: Sequence[str], postings: Mapping[str, Mapping[str, int]], key: str) -> float:
    return sum(key in postings.get(term, {}) for term in wanted) / len(wanted) if wanted else 0.0


def _publish(tx: Transaction, call: JobCall) -> JobAnswer:
    """The next version of ``article``, or a new one under the job's own key; the same again changes nothing."""
    audience = given.text(call, "audience", "internal")
    if audience not in AUDIENCES:
        raise given.wrong(call, "audience", zh="internal、partner 或 public", en="internal, partner or public")
    texts = _texts(call)
    if audience == "public" and not all(texts["titles"].get(one) and texts["solution"].get(one) for one in (ZH, EN)):
        raise errors.Invalid(
            "article_one_language",
            zh="公开的文章要有中英文的标题和解决办法",
            en="a public article needs its title and solution in Chinese and in English",
            handler=call.handler,
        )
    key = given.text(call, "article", f"KB-{call.instance_id[-8:]}")
    known = tx.articles.get(key)
    made = care.Article(
        key=key,
        title=" / ".join(words for words in texts["titles"].values() if words),
        keywords=tuple(str(one) for one in given.items(call, "keywords")),
        audience=audience,  # type: ignore[arg-type]  # one of them, as was just seen
        product=given.text(call, "product", ""),
        customer=call.customer.id if call.customer and call.input.get("private") is True else "",
        review_on=_review(call),
        **texts,
    )
    if known is not None:
        made = msgspec.structs.replace(made, version=known.version, useful=known.useful, useless=known.useless)
        if made != known:
            made = msgspec.structs.replace(made, version=known.version + 1, useful=0, useless=0)
    keep(tx, made)
    return JobAnswer(data={"article": key, "article_version": made.version, "review_on": made.review_on})


def _texts(call: JobCall) -> dict[str, Any]:
    def both(name: str) -> dict[str, str]:
        told = {ZH: given.text(call, name, ""), EN: given.text(call, f"{name}_en", "")}
        return {locale: words for locale, words in told.items() if words}

    given.text(call, "title")
    given.text(call, "solution")
    return {"titles": both("title"), "problem": both("problem"), "solution": both("solution")}


def _review(call: JobCall) -> str:
    return (call.now + given.span(call, "review_after", timedelta(days=180))).date().isoformat()


def _merge(tx: Transaction, call: JobCall) -> JobAnswer:
    """What somebody else called the same problem is how the article is found, too."""
    known = _known(tx, call, "into")
    words = (given.text(call, "title"), *(str(one) for one in given.items(call, "keywords")))
    keep(tx, msgspec.structs.replace(known, keywords=tuple(dict.fromkeys([*known.keywords, *words]))))
    return JobAnswer(data={"article": known.key})


def _set(tx: Transaction, call: JobCall, status: Status) -> JobAnswer:
    known = _known(tx, call, "article")
    if known.status != "retired":
        keep(tx, msgspec.structs.replace(known, status=status))
    return JobAnswer()


def _keep(tx: Transaction, call: JobCall) -> JobAnswer:
    """Still right: seen again, counted anew, reviewed later."""
    known = _known(tx, call, "article")
    kept = msgspec.structs.replace(known, status="published", review_on=_review(call), useful=0, useless=0)
    keep(tx, kept)
    return JobAnswer(data={"review_on": kept.review_on})


def _rate(tx: Transaction, call: JobCall) -> JobAnswer:
    """``low``: enough people found it of no use. A case rates an article once."""
    known = _known(tx, call, "article")
    useful = call.input.get("useful")
    if not isinstance(useful, bool):
        raise given.wrong(call, "useful", zh="是或否", en="true or false")
    if tx.articles.rate(known.key, call.instance_id, useful):
        known = _known(tx, call, "article")
    return JobAnswer(data={"low": low(known)})


def _known(tx: Transaction, call: JobCall, name: str) -> care.Article:
    key = given.text(call, name)
    found = tx.articles.get(key)
    if found is None:
        raise errors.NotFound("article_unknown", zh=f"没有文章 {key}", en=f"there is no article {key!r}", key=key)
    return found
