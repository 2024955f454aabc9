"""Knowledge articles, what they are found by, and how they were rated."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from engine import care
from engine.store import contacts, rows
from engine.store.tables.care import article, article_rating, article_term


class Articles:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def get(self, key: str) -> care.Article | None:
        return rows.maybe(care.Article, self._db.execute(sa.select(article).where(article.c.key == key)).first())

    def put(self, record: care.Article, terms: Mapping[str, int]) -> None:
        rows.put(self._db, article, article.c.key == record.key, record)
        self._db.execute(article_term.delete().where(article_term.c.article == record.key))
        found_by = [{"term": term, "article": record.key, "weight": weight} for term, weight in terms.items()]
        if found_by:
            self._db.execute(article_term.insert(), found_by)

    def all(self) -> list[care.Article]:
        return [rows.record(care.Article, row) for row in self._db.execute(sa.select(article).order_by(article.c.key))]

    def count(self) -> int:
        return self._db.scalar(sa.select(sa.func.count()).select_from(article)) or 0

    def postings(self, terms: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
        found: dict[str, dict[str, int]] = {}
        for row in self._db.execute(sa.select(article_term).where(article_term.c.term.in_(terms))):
            found.setdefault(row.term, {})[row.article] = row.weight
        return found

    def rate(self, key: str, instance_id: str, useful: bool) -> bool:
        contacts.lock(self._db, f"article {key}")
        mine = (article_rating.c.article == key) & (article_rating.c.instance_id == instance_id)
        if self._db.execute(sa.select(article_rating.c.useful).where(mine)).first() is not None:
            return False
        self._db.execute(article_rating.insert().values(article=key, instance_id=instance_id, useful=useful))
        column = article.c.useful if useful else article.c.useless
        self._db.execute(article.update().where(article.c.key == key).values({column: column + 1}))
        return True
