"""What a program asks of the engine: starts, messages, signals, cases and tasks. Answers are those of /api/v1."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from engine.client.link import Link

Answer = dict[str, Any]


class Client:
    """``url`` is the server's, without a path; ``token`` one with the scope ``write``, or ``read`` to look only."""

    def __init__(self, url: str, token: str, *, timeout_seconds: float = 30) -> None:
        self.link = Link(url, token, timeout_seconds=timeout_seconds)

    # --- cases

    def start(
        self,
        process: str,
        *,
        customer: str | None = None,
        business_key: str | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> Answer:
        """The new instance; with a business key that was started before, that one. ``customer``: id or number."""
        body = {"process": process, "customer_id": customer, "business_key": business_key, "data": dict(data or {})}
        instance: Answer = self._do("POST", "/instances", body)["instance"]
        return instance

    def start_many(self, orders: Sequence[Mapping[str, Any]]) -> list[Answer]:
        """Up to 100, as bodies of a start; for each its ``status`` and ``instance`` or ``problem``."""
        items: list[Answer] = self._do("POST", "/instances/bulk", {"items": [dict(one) for one in orders]})["items"]
        return items

    def instance(self, instance_id: str) -> Answer:
        return self._one("GET", f"/instances/{quote(instance_id, safe='')}")

    def instances(self, **filters: Any) -> Iterator[Answer]:
        """All pages, the newest first: ``process``, ``status``, ``business_key``, ``customer_id`` ..."""
        return self._pages("/instances", filters)

    def timeline(self, instance_id: str) -> Iterator[Answer]:
        return self._pages(f"/instances/{quote(instance_id, safe='')}/timeline", {})

    def set_variables(self, instance_id: str, values: Mapping[str, Any], *, reason: str) -> Answer:
        body = {"values": dict(values), "reason": reason}
        return self._one("PATCH", f"/instances/{quote(instance_id, safe='')}/variables", body)

    def cancel(self, instance_id: str, *, reason: str) -> Answer:
        return self._one("POST", f"/instances/{quote(instance_id, safe='')}/cancel", {"reason": reason})

    def suspend(self, instance_id: str, *, reason: str, awaits_customer: bool = False) -> Answer:
        body = {"reason": reason, "awaits_customer": awaits_customer}
        return self._one("POST", f"/instances/{quote(instance_id, safe='')}/suspend", body)

    def resume(self, instance_id: str, *, reason: str = "") -> Answer:
        return self._one("POST", f"/instances/{quote(instance_id, safe='')}/resume", {"reason": reason})

    # --- messages

    def message(
        self,
        name: str,
        *,
        business_key: str | None = None,
        key: str | None = None,
        instance_id: str | None = None,
        customer: str | None = None,
        data: Mapping[str, Any] | None = None,
        keep_seconds: int = 3600,
    ) -> Answer:
        """Exactly one instance takes it, one is started, or it is kept that long: see ``outcome``."""
        body = {
            "name": name,
            "key": key,
            "business_key": business_key,
            "instance_id": instance_id,
            "customer_id": customer,
            "data": dict(data or {}),
            "keep_seconds": keep_seconds,
        }
        return self._one("POST", "/messages", body)

    def signal(self, name: str, *, data: Mapping[str, Any] | None = None) -> int:
        """To everybody who waits for it; how many."""
        return int(self._do("POST", "/signals", {"name": name, "data": dict(data or {})})["reached"])

    # --- tasks of people

    def tasks(self, shelf: str = "mine", **filters: Any) -> Iterator[Answer]:
        """``shelf``: mine, claimable or done; the most urgent first."""
        return self._pages("/tasks", {"shelf": shelf, **filters})

    def task(self, task_id: str) -> Answer:
        return self._one("GET", f"/tasks/{quote(task_id, safe='')}")

    def claim(self, task_id: str) -> Answer:
        return self._one("POST", f"/tasks/{quote(task_id, safe='')}/claim")

    def release(self, task_id: str) -> Answer:
        return self._one("POST", f"/tasks/{quote(task_id, safe='')}/release")

    def complete(self, task_id: str, data: Mapping[str, Any] | None = None, *, revision: int | None = None) -> Answer:
        """``revision``: refuse when the task is no longer as it was then."""
        body = {"data": dict(data or {}), "revision": revision}
        return self._one("POST", f"/tasks/{quote(task_id, safe='')}/complete", body)

    def _one(self, method: str, path: str, body: Any = None) -> Answer:
        found: Answer = self._do(method, path, body)
        return found

    def _do(self, method: str, path: str, body: Any = None) -> Any:
        return self.link.ask(method, f"/api/v1{path}", body)

    def _pages(self, path: str, filters: Mapping[str, Any]) -> Iterator[Answer]:
        after: Any = None
        while after is None or after:
            query = {name: _text(value) for name, value in filters.items() if value is not None}
            page = self._one("GET", f"{path}?{urlencode(query if after is None else {**query, 'after': after})}")
            yield from page["items"]
            after = page["next"] or ""


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, datetime) else str(value)
