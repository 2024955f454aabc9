"""Fields of a form that name attachments (``format: attachment``): which they are, and whether they may.

A form takes only files of its own case; the form of a start those that its person added for it. Otherwise whoever
knows an id could hand a file of another case on.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine import records
from engine.attachments import kinds
from engine.forms import references
from engine.model.problem import Problem
from engine.model.text import Text, both
from engine.people.agent import Agent
from engine.ports import Transaction

FORMAT = "attachment"
_DEEPEST = 30
_Named = tuple[str, str, Mapping[str, Any]]
"""JSON pointer, attachment's id, and the schema of the file there."""


def named(schema: Mapping[str, Any], data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(JSON pointer, attachment's id) of every such field that is filled in."""
    return [(pointer, key) for pointer, key, _ in _named(schema, schema, data, "", 0)]


def problems(tx: Transaction, schema: Mapping[str, Any], data: Mapping[str, Any], *, instance_id: str) -> list[Problem]:
    """Each field that names what is no attachment of this case."""
    found = list(_named(schema, schema, data, "", 0))
    known = {one.id: one for one in tx.attachments.of_instance(instance_id)} if found else {}
    return _wrong(found, known)


def waiting(
    tx: Transaction, schema: Mapping[str, Any], data: Mapping[str, Any], *, agent: Agent
) -> tuple[list[records.Attachment], list[Problem]]:
    """What a start takes along of the files that the agent added for it, and what it may not."""
    found = list(_named(schema, schema, data, "", 0))
    known = {one.id: one for one in tx.attachments.waiting(agent.key)} if found else {}
    taken = {key: known[key] for _, key, _ in found if key in known}
    return list(taken.values()), _wrong(found, known)


def refusal(part: Mapping[str, Any], *, name: str, size: int) -> Text | None:
    """Why a field does not take a file of this name and size (bytes); None where it does. ``part``: the schema of one
    file, whose ``fileEndings`` and ``maxFileBytes`` say so."""
    endings, most = part.get("fileEndings"), part.get("maxFileBytes")
    if endings and kinds.ending(name) not in endings:
        zh, en = "、".join(endings), ", ".join(endings)
        return both(zh=f"“{name}”不是此处接受的文件：{zh}。", en=f"“{name}” is not taken here; these are: {en}.")
    if most is not None and size > most:
        shown = f"{most / 2**20:.3g}"
        return both(
            zh=f"“{name}”超过此处允许的 {shown} MB。", en=f"“{name}” is larger than the {shown} MB of this field."
        )
    return None


def _named(part: Any, root: Mapping[str, Any], value: Any, pointer: str, depth: int) -> Iterator[_Named]:
    part = references.resolved(part, root)
    if depth > _DEEPEST or not isinstance(part, Mapping):
        return
    if part.get("format") == FORMAT and isinstance(value, str):
        yield pointer, value, part
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


def _wrong(found: Iterable[_Named], known: Mapping[str, records.Attachment]) -> list[Problem]:
    """A file may stand in one field twice over: by ``allOf`` and by itself."""
    told: dict[str, Problem] = {}
    for pointer, key, part in found:
        file = known.get(key)
        if file is None:
            told.setdefault(pointer, _stranger(pointer))
        elif (why := refusal(part, name=file.name, size=file.size)) is not None:
            told.setdefault(pointer, Problem(code="form_attachment_refused", text=why, pointer=pointer))
    return list(told.values())


def _stranger(pointer: str) -> Problem:
    text = both(zh="这不是本办件的附件，请重新上传。", en="That is no attachment of this case; please upload it again.")
    return Problem(code="form_attachment_unknown", text=text, pointer=pointer)
