"""The decision tables of a version: opened as sheets, and saved with their test rows into the process's draft."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from engine import errors, records
from engine.definitions import drafts, edits, parts, publish, trials
from engine.dmn import sheet
from engine.dmn.sheet import Sheet
from engine.model.problem import Problem
from engine.model.program import Program
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    version: records.BaseVersion
    sheet: Sheet
    seen: str
    """What the newest version is now: a save says it again."""


def opened(engine: Engine, *, process: str, n: int, key: str, agent: Agent) -> Opened:
    """Raises errors.Forbidden, errors.NotFound, and errors.Invalid for a file that is more than one table."""
    rights.need(agent, "process.see")
    with engine.store.reading() as tx:
        version, program = edits.readable(tx, process, n)
        newest = tx.processes.versions(process)[0]
        files = parts.files(engine, tx, version, program)
    if key not in program.decisions:
        raise _unknown(key, program)
    held = files.get(f"{key}{trials.ENDING}")
    tried = trials.read(held).trials if held is not None else ()
    return Opened(
        version=version,
        sheet=sheet.read(program.decisions[key].encode(), key=key, trials=tried),
        seen=newest.resource_id,
    )


def save(
    engine: Engine, *, process: str, n: int, table: Sheet, seen: str, agent: Agent, now: datetime
) -> publish.Deployed:
    """Version ``n`` with this table in place of its own, or as one more: over the draft that is the newest version,
    else as the draft of the next one. Test rows that fail are kept and told; they stop a release.

    Raises errors.Forbidden, errors.NotFound, errors.Conflict when somebody else has saved since, and errors.Invalid
    with every cell that is wrong.
    """
    rights.need(agent, "process.draw")
    _sound(table)
    content = sheet.written(table).decode()

    def change(program: Program) -> tuple[Program, dict[str, bytes]]:
        texts = {**program.decisions, table.key: content}
        tried = {f"{table.key}{trials.ENDING}": trials.written(table.key, table.trials)}
        return msgspec.structs.replace(program, decisions=texts), tried

    return edits.save(
        engine,
        process=process,
        n=n,
        change=change,
        what=f"decision {table.key}",
        seen=seen,
        agent=agent,
        now=now,
    )


def _sound(table: Sheet) -> None:
    if not drafts.KEY.fullmatch(table.key):
        raise errors.Invalid(
            "decision_key",
            zh="决策表的编号以字母开头，由字母、数字、“-”“_”“.”组成。",
            en="A decision's key begins with a letter and has letters, digits, - _ and . only.",
        )
    wrong = [one for one in sheet.examine(table).errors if not one.place.startswith("trial-")]
    if wrong:
        found = tuple(Problem(code="cell_wrong", text=one.text, pointer=f"/{one.place}") for one in wrong)
        raise errors.Invalid(
            "table_wrong",
            zh=f"决策表有 {len(wrong)} 处错误，没有保存。",
            en=f"The table has {len(wrong)} mistakes; it was not saved.",
            problems=found,
        )


def _unknown(key: str, program: Program) -> errors.NotFound:
    known: Mapping[str, str] = program.decisions
    return errors.NotFound(
        "decision_unknown",
        zh=f"没有决策表 {key}；有：{'、'.join(sorted(known)) or '无'}。",
        en=f"There is no decision {key!r}; there are: {', '.join(sorted(known)) or 'none'}.",
        decision=key,
    )
