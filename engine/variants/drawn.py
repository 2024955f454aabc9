"""A drawing that somebody made elsewhere becomes a proposal for a variant: nothing is written, everything is shown."""

import re
from datetime import datetime

import msgspec

from engine import errors, variation
from engine.definitions import catalogue, publish
from engine.model import problem as problems
from engine.model.problem import Problem
from engine.model.program import Program
from engine.model.text import Text, both
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction
from engine.variants import check, diff, words
from engine.variants.inference import infer
from engine.variants.operations import kinds


class Sketch(msgspec.Struct, frozen=True, kw_only=True):
    """What is handed in: for which variant, and the file as it is."""

    process: str
    name: str
    """Names the variant within its process."""
    group: str = ""
    """Of a variant that there is not yet."""
    file: str
    data: bytes
    reason: Text = {}
    """Put to each operation; empty: the name of the file."""


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """``difference`` tells the inferred operations one by one; ``operations`` are they as a draft takes them."""

    process: str
    base_n: int
    operations: tuple[dict[str, object], ...]
    difference: diff.Difference
    remains: tuple[Problem, ...]
    """Where the drawing is not what comes of the operations."""
    renamed: dict[str, str]
    reading: tuple[Problem, ...]
    """What the reader told of the file; nothing of it stops the proposal."""

    @property
    def exact(self) -> bool:
        return not self.remains


def propose(engine: Engine, *, sketch: Sketch, agent: Agent, now: datetime) -> Drawn:
    """The operations by which the process of the sketch's group becomes the drawing.

    Raises NotFound for the process, Conflict while no base of it is released, TooLarge, and Invalid with every problem
    of a file that holds no process or several.
    """
    rights.need(agent, "variant.edit")
    process, file = sketch.process, sketch.file
    if len(sketch.data) > publish.LARGEST_FILE:
        most = publish.LARGEST_FILE // 1_000_000
        raise errors.TooLarge(
            "file_too_large", zh=f"文件 {file} 超过 {most} MB", en=f"{file!r} is larger than {most} MB", file=file
        )
    with engine.store.reading() as tx:
        variant = tx.variants.get(f"{process}:{sketch.name}") or _new(sketch, now)
        under = check.ground(tx, variant, now)
        house = words.of(tx, under.definition if under else None)
        taken = _taken(tx, variant)
    if under is None:
        raise errors.Conflict(
            "nothing_released",
            zh=f"流程 {process} 还没有发布的版本",
            en=f"no version of {process!r} is released",
            process=process,
        )
    program, told = _read(engine, sketch)
    origin = _origin(engine, process, under.base_n)
    why = sketch.reason or both(zh=f"由图 {file} 推导", en=f"inferred from the drawing {file}")
    base = under.program
    found = infer.infer(
        base, program, origin=origin, prefix=prefix(sketch.group or sketch.name), reason=why, taken=taken
    )
    return Drawn(
        process=process,
        base_n=under.base_n,
        operations=tuple(kinds.write(found.operations)),
        difference=diff.diff(base, found.operations, definition=under.definition, words=house),
        remains=found.remains,
        renamed=found.renamed,
        reading=told,
    )


def _read(engine: Engine, sketch: Sketch) -> tuple[Program, tuple[Problem, ...]]:
    """The one process of the file, or the one that is called like the base."""
    file = sketch.file
    reading = engine.reader(sketch.data, file=file)
    told = tuple(reading.problems)
    programs = [one for one in reading.programs if one.nodes]
    chosen = programs if len(programs) == 1 else [one for one in programs if one.key == sketch.process]
    if len(chosen) == 1:
        return chosen[0], told
    if not programs:
        raise errors.Invalid(
            "drawing_wrong",
            zh=f"文件 {file} 中没有可以读取的流程",
            en=f"{file!r} holds no process that can be read",
            problems=problems.errors(told),
        )
    keys = ", ".join(one.key for one in programs)
    raise errors.Invalid(
        "which_process",
        zh=f"文件 {file} 中有多个流程（{keys}），没有一个叫 {sketch.process}",
        en=f"{file!r} holds several processes ({keys}) and none is called {sketch.process!r}",
    )


def _origin(engine: Engine, process: str, n: int) -> Program | None:
    """The base's file as it was uploaded, without what stands beside it; None where it came without one."""
    try:
        content = catalogue.xml(engine, process=process, n=n)
    except errors.NotFound:
        return None
    found = [one for one in engine.reader(content, file="base.bpmn").programs if one.key == process]
    return found[0] if len(found) == 1 else None


def _new(sketch: Sketch, now: datetime) -> variation.Variant:
    return variation.Variant(
        id=f"{sketch.process}:{sketch.name}",
        process=sketch.process,
        customer_group=sketch.group,
        texts={},
        created_at=now,
    )


def _taken(tx: Transaction, variant: variation.Variant) -> set[str]:
    """Ids that operations of other variants of the process ever had."""
    return {
        str(operation.get("id", ""))
        for other in tx.variants.all(variant.process)
        if other.id != variant.id
        for one in tx.variants.versions(other.id)
        for operation in one.operations
    }


def prefix(name: str) -> str:
    """What the ids of a group's, or a variant's, operations begin with."""
    stem = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:30] or "x"
    return stem if stem[0].isalpha() else f"v_{stem}"
