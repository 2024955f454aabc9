"""A request that may come again (Idempotency-Key): the answer is kept in the transaction of what it answers.

Hence exactly once: after a crash either both are there or neither.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from engine import errors, records
from engine.people.agent import Agent
from engine.ports import Engine, Transaction

KEEP = timedelta(days=1)
LONGEST_KEY = 100


def once(
    engine: Engine,
    *,
    key: str,
    request: bytes,
    agent: Agent,
    now: datetime,
    work: Callable[[], tuple[int, Any]],
    keep: timedelta = KEEP,
) -> records.Repeat:
    """``work`` calls use cases and gives the status and the answer (JSON); a second time it is not called.

    The answer is kept as long as ``keep``. ``request`` is whatever makes two requests the same: method, path, body.
    Raises errors.Conflict for the same key with another request, errors.Invalid for a key of more than 100 characters,
    and what ``work`` raises: then nothing is kept, and the next try is a first one.
    """
    _named(key)
    sha256 = hashlib.sha256(request).hexdigest()

    def kept(tx: Transaction) -> records.Repeat:
        before = tx.repeats.get(agent.key, key, now)
        if before is None:
            status, answer = work()
            before = records.Repeat(
                agent=agent.key,
                key=key,
                request_sha256=sha256,
                status=status,
                answer=answer,
                created_at=now,
                expires_at=now + keep,
            )
            tx.repeats.add(before)
        elif before.request_sha256 != sha256:
            raise _reused(key)
        return before

    try:
        return engine.store.together(kept)
    except errors.CrmflowError:
        # A twin may have been carried out after this one had looked for it: then its answer is the answer to both.
        with engine.store.reading() as tx:
            twin = tx.repeats.get(agent.key, key, now)
        if twin is None or twin.request_sha256 != sha256:
            raise
        return twin


def _named(key: str) -> None:
    if not key or len(key) > LONGEST_KEY:
        raise errors.Invalid(
            "idempotency_key",
            zh=f"Idempotency-Key 须为 1 至 {LONGEST_KEY} 个字符。",
            en=f"An Idempotency-Key has 1 to {LONGEST_KEY} characters.",
        )


def _reused(key: str) -> errors.Conflict:
    return errors.Conflict(
        "idempotency_key_reused",
        zh="同一个 Idempotency-Key 已用于另一个请求。",
        en="This Idempotency-Key was used for another request.",
        key=key,
    )
