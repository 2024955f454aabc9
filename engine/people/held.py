"""All that somebody has in hand: what is assigned to them and what waits for their signature."""

from collections.abc import Iterator

from engine import ports, records

ROUND = 200


def items(tx: ports.Transaction, person: str, shelf: str = "mine") -> Iterator[records.WorkItem]:
    """In the order of the inbox, read round by round by its key: each once, whatever becomes of it meanwhile.

    ``shelf`` "away": what others have in the person's stead."""
    after: tuple[int, str, int] | None = None
    while True:
        found = tx.items.page(shelf=shelf, who=[person], where={}, after=after, limit=ROUND)
        yield from (item for _, item in found)
        if len(found) < ROUND:
            return
        place, last = found[-1]
        after = (place, last.instance_id, last.wait)
