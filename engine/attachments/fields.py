"""Fields of a form that name attachments (``format: attachment``): which they are, and whether they may.

A form takes only files of its own case; the form of a start those that its person added for it. Otherwise whoever
knows an id could hand a file of another case on.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from engine import records
from engine.forms import references
from engine.model.problem import Problem
from engine.model.text import both
from engine.people.agent import Agent
from engine.ports import Transaction

FORMAT = "attachment"
_DEEPEST = 30


def named(schema: Mapping[str, Any], data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(JSON pointer, attachment's id) of every such field that is filled in."""
    return list(_named(schema, schema, data, "", 0))


def problems(tx: Transaction, schema: Mapping[str, Any], data: Mapping[str, Any], *, instance_id: str) -> list[Problem]:
    """Each field that names what is no attachment of this case."""
    found = named(schema, data)
    known = {one.id for one in tx.attachments.of_instance(instance_id)} if found else set()
    return [_stranger(pointer) for pointer, key in found if key not in known]


def waiting(
    tx: Transaction, schema: Mapping[str, Any], data: Mapping[str, Any], *, agent: Agent
) -> tuple[list[records.Attachment], list[Problem]]:
    """What a start takes along of the files that the agent added for it, and what it may not."""
    found = named(schema, data)
    known = {one.id: one for one in tx.attachments.waiting(agent.key)} if found else {}
    taken = {key: known[key] for _, key in found if key in known}
    return list(taken.values()), [_stranger(pointer) for pointer, key in found if key not in known]


def _named(part: Any, root: Mapping[str, Any], value: Any, pointer: str, depth: int) -> Iterator[tuple[str, str]]:
    part = references.resolved(part, root)
    if depth > _DEEPEST or not isinstance(part, Mapping):
        return
    if part.get("format") == FORMAT and isinstance(value, str):
        yield pointer, value
    for every in ("allOf", "anyOf", "oneOf"):
        for one in part.get(every, ()):
            yield from _named(one, root, value, pointer, depth + 1)
    if isinstance(value, Mapping):
        for name, inner in part.get("properties", {}).items():
            if name in value:
                yield from _named(inner, root, value[name], f"{pointer}/{references.escaped(name)}", depth + 1)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _named(part.get("items"), root, item, f"{pointer}/{number}", depth + 1)


def _stranger(pointer: str) -> Problem:
    text = both(zh="这不是本办件的附件，请重新上传。", en="That is no attachment of this case; please upload it again.")
    return Problem(code="form_attachment_unknown", text=text, pointer=pointer)
