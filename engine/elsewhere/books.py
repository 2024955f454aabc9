"""Records that another system keeps, over REST: read by id, found by fields, written last before the house commits.

What is put is sent when everything else of the transaction is done, each record whole and by its id: when one cannot be
sent, or the house cannot commit, the work is done again and sends the same once more. Who changed a record meanwhile is
noticed by its ETag, and the work is done anew with what stands there then. ``docs/another-crm.md`` is the protocol.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar
from urllib.parse import quote, urlencode, urljoin

import msgspec

from engine import errors
from engine.outside import http, line, targets
from engine.ports import Transaction
from engine.records import Record
from engine.repositories import Stale

R = TypeVar("R", bound=Record)
SECONDS = 10.0
"""For each call."""
MOST = 5000
"""Records that a question may find."""
_LARGEST = 8 * 1024 * 1024
_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "is": operator.eq,
    "has": operator.contains,
    "from": operator.ge,
    "before": operator.lt,
    "after": operator.gt,
    "starts": str.startswith,
}


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a collection is kept. ``headers`` are asked for each call: secrets do not live longer."""

    url: str
    gate: Callable[[Transaction], line.Gate]
    headers: Callable[[Transaction], Mapping[str, str]]


class Where(msgspec.Struct, frozen=True, kw_only=True):
    """A condition: ``field`` is, has, ... any of ``values``; none of them is ever true of a record without a value."""

    field: str
    values: tuple[Any, ...]
    how: str = "is"

    def holds(self, record: Record) -> bool:
        value = getattr(record, self.field)
        return value is not None and any(_OPERATORS[self.how](value, one) for one in self.values)

    def asked(self) -> list[tuple[str, str]]:
        name = self.field if self.how == "is" else f"{self.field}.{self.how}"
        return [(name, one.isoformat() if isinstance(one, datetime) else str(one)) for one in self.values]


class Books(Generic[R]):
    """The records of one kind, in one transaction of the house."""

    def __init__(self, tx: Transaction, *, kind: type[R], place: Place) -> None:
        self._tx, self._kind, self._place = tx, kind, place
        self._tags: dict[str, str] = {}
        """ETags by id as they were read; empty where nothing stood."""
        self._written: dict[str, R] = {}

    def get(self, key: str) -> R | None:
        if key in self._written:
            return self._written[key]
        answer = self._call("GET", self._address(key), fine=(200, 404))
        self._tags[key] = answer.headers.get("etag", "") if answer.status == 200 else ""
        return self._read(answer.body, self._kind) if answer.status == 200 else None

    def put(self, record: R) -> None:
        """Sent when the transaction ends. Raises RuntimeError in a view that only reads."""
        if not self._written:
            self._tx.leave(self._send)
        self._written[record.id] = record  # type: ignore[attr-defined]  # every kind that is kept here has one

    def find(self, *where: Where) -> list[R]:
        """All that meet the conditions, what this transaction wrote among them, in no order.

        The other system may pass over a condition that it does not know: each is looked at here, too.
        """
        there = {record.id: record for record in self._found(where)}  # type: ignore[attr-defined]
        found = {**there, **self._written}.values()
        return [record for record in found if all(one.holds(record) for one in where)]

    def _found(self, where: Sequence[Where]) -> list[R]:
        """Page by page: ``next`` leads on, within the same place."""
        address = f"{self._place.url}?{urlencode([pair for one in where for pair in one.asked()])}"
        found: list[R] = []
        while address:
            page = self._read(self._call("GET", address, fine=(200,)).body, _Page)
            found += [self._converted(one) for one in page.items]
            if len(found) > MOST:
                raise self._trouble(zh=f"查询结果超过 {MOST} 条", en=f"more than {MOST} records were found")
            address = self._further(address, page.next) if page.next else ""
        return found

    def _further(self, address: str, following: str) -> str:
        found = urljoin(address, following)
        try:
            same = targets.read(found).origin == targets.read(address).origin
        except errors.Invalid as error:
            raise self._nonsense(error) from None
        if not same:
            raise self._trouble(zh="下一页在另一台服务器上", en="the next page is on another server")
        return found

    def _send(self) -> None:
        for key, record in self._written.items():
            tag = self._tags.get(key)
            guard = {} if tag is None else {"If-Match": tag} if tag else {"If-None-Match": "*"}
            answer = self._call(
                "PUT", self._address(key), body=msgspec.json.encode(record), headers=guard, fine=(200, 201, 204, 412)
            )
            if answer.status == 412:
                raise Stale

    def _address(self, key: str) -> str:
        return f"{self._place.url}/{quote(key, safe='')}"

    def _call(
        self, method: str, url: str, *, fine: Sequence[int], body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> http.Answer:
        told = {
            "Accept": "application/json",
            **({"Content-Type": "application/json"} if body else {}),
            **(headers or {}),
        }
        request = http.Request(
            method=method, url=url, headers=told, secret_headers=self._place.headers(self._tx), body=body,
            seconds=SECONDS, largest=_LARGEST,
        )  # fmt: skip
        answer = http.call(request, self._place.gate(self._tx))
        if answer.status not in fine:
            raise self._trouble(zh=f"{method} 返回 {answer.status}", en=f"{method} was answered with {answer.status}")
        return answer

    def _converted(self, value: Any) -> R:
        try:
            return msgspec.convert(value, self._kind)
        except msgspec.ValidationError as error:
            raise self._nonsense(error) from None

    def _read(self, body: bytes, kind: type[Any]) -> Any:
        try:
            return msgspec.json.decode(body, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise self._nonsense(error) from None

    def _nonsense(self, error: Exception) -> errors.Unavailable:
        told = str(error)[:300]
        return self._trouble(zh=f"答复看不懂（{told}）", en=f"its answer makes no sense: {told}")

    def _trouble(self, *, zh: str, en: str) -> errors.Unavailable:
        return errors.Unavailable(
            "elsewhere", zh=f"{self._place.url}：{zh}。", en=f"{self._place.url}: {en}.", url=self._place.url
        )


class _Page(msgspec.Struct, frozen=True):
    items: list[Any]
    next: str | None = None
