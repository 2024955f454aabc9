"""A version as files again: its drawing, a file for each form and decision, and what else came with it."""

from collections.abc import Mapping

import msgspec

from engine import records
from engine.definitions import contents
from engine.model.program import Program
from engine.ports import Engine, Transaction


def files(engine: Engine, tx: Transaction, version: records.BaseVersion, program: Program) -> dict[str, bytes]:
    """By name; uploaded together they give the same program. Decisions that share one file stay one file."""
    resource = tx.processes.resource(version.resource_id)
    beside = tx.processes.resources(resource.deployment_id) if resource is not None else []
    bare = msgspec.structs.replace(program, forms={}, decisions={})
    return {
        f"{program.key}.bpmn": engine.writer(bare),
        **{f"{key}.json": msgspec.json.format(msgspec.json.encode(form)) for key, form in program.forms.items()},
        **_decisions(program.decisions),
        **{one.name: one.content for one in beside if contents.kind_of(one.name) == "other"},
    }


def _decisions(decisions: Mapping[str, str]) -> dict[str, bytes]:
    found: dict[str, str] = {}
    for key in sorted(decisions):
        found.setdefault(decisions[key], key)
    return {f"{key}.dmn": text.encode() for text, key in found.items()}
