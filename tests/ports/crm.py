"""Another company's CRM: a web server on loopback that speaks the protocol of docs/another-crm.md.

Records by collection with an ETag each; conditions, pages of two, and bad moods when a test asks for them.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from tests.outside_world import Heard, Reply

PAGE = 2
COMPARE: Mapping[str, Callable[[Any, str], bool]] = {
    "is": lambda value, text: str(value) == text,
    "has": lambda value, text: text in value,
    "from": lambda value, text: _moment(value) >= _moment(text),
    "before": lambda value, text: _moment(value) < _moment(text),
    "after": lambda value, text: _moment(value) > _moment(text),
    "starts": lambda value, text: str(value).startswith(text),
}


def _moment(text: str) -> str:
    """Moments in UTC compare as texts, once they are written alike."""
    return text.replace("Z", "+00:00")


class Crm:
    """``mood``: what it answers instead, where it answers anything. ``asks``: whether it knows conditions."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, tuple[int, dict[str, Any]]]] = {}
        self.mood: Callable[[Heard], Reply | None] = lambda heard: None
        self.asks = True

    def __call__(self, heard: Heard) -> Reply:
        moody = self.mood(heard)
        if moody is not None:
            return moody
        address = urlsplit(heard.path)
        _, collection, *rest = address.path.split("/")
        shelf = self.kept.setdefault(collection, {})
        if not rest:
            return self._list(shelf, address.path, parse_qs(address.query))
        key = unquote(rest[0])
        return self._put(shelf, key, heard) if heard.method == "PUT" else self._get(shelf, key)

    def _get(self, shelf: dict[str, tuple[int, dict[str, Any]]], key: str) -> Reply:
        if key not in shelf:
            return Reply(404)
        n, record = shelf[key]
        return Reply.of(record, ETag=f'"{n}"')

    def _put(self, shelf: dict[str, tuple[int, dict[str, Any]]], key: str, heard: Heard) -> Reply:
        n = shelf[key][0] if key in shelf else 0
        wanted = heard.headers.get("if-match")
        if (wanted is not None and wanted != f'"{n}"') or (heard.headers.get("if-none-match") == "*" and n):
            return Reply(412)
        shelf[key] = (n + 1, heard.json)
        return Reply(204, headers={"ETag": f'"{n + 1}"'})

    def _list(self, shelf: dict[str, tuple[int, dict[str, Any]]], path: str, asked: dict[str, list[str]]) -> Reply:
        start = int(asked.pop("start", ["0"])[0])
        found = [record for _, record in shelf.values() if not self.asks or _meets(record, asked)]
        query = urlencode({**asked, "start": start + PAGE}, doseq=True)
        more = f"{path}?{query}" if start + PAGE < len(found) else None
        return Reply(200, json.dumps({"items": found[start : start + PAGE], "next": more}).encode())


def _meets(record: dict[str, Any], asked: Mapping[str, list[str]]) -> bool:
    for name, texts in asked.items():
        field, _, how = name.partition(".")
        value = record.get(field)
        if value is None or not any(COMPARE[how or "is"](value, text) for text in texts):
            return False
    return True
