"""Test rows of decisions, kept as a file beside them (``<decision>.tests``), run with every upload, save and check."""

from collections.abc import Mapping, Sequence

import msgspec

from engine import errors
from engine.dmn import sheet
from engine.dmn.sheet import Trial
from engine.model.problem import Problem
from engine.model.text import both

ENDING = ".tests"
LARGEST = 500_000


class Trials(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    decision: str
    trials: tuple[Trial, ...] = ()


def is_one(file: str) -> bool:
    return file.endswith(ENDING)


def written(decision: str, trials: Sequence[Trial]) -> bytes:
    return msgspec.json.format(msgspec.json.encode(Trials(decision=decision, trials=tuple(trials))))


def read(data: bytes) -> Trials:
    """Raises Invalid for what is no such file."""
    try:
        if len(data) > LARGEST:
            raise ValueError("too large")
        return msgspec.json.decode(data, type=Trials)
    except (msgspec.MsgspecError, ValueError, RecursionError) as fault:
        raise errors.Invalid(
            "tests_unreadable",
            zh="测试行文件无法读取。",
            en=f"This is no file of test rows: {fault}",
        ) from fault


def problems(file: str, data: bytes, decisions: Mapping[str, str]) -> tuple[Problem, ...]:
    """Each test row that does not come out as it says, with its file."""
    try:
        held = read(data)
        if held.decision not in decisions:
            text = both(zh=f"没有决策表 {held.decision}，测试行无从验证", en=f"there is no decision {held.decision!r}")
            return (Problem(code="tests_of_nothing", text=text, file=file, severity="warning"),)
        table = sheet.read(decisions[held.decision].encode(), key=held.decision, trials=held.trials)
    except (errors.Invalid, errors.TooLarge) as error:
        return (Problem(code=error.code, text=error.text, file=file),)
    return tuple(
        Problem(
            code="test_row_failed",
            text=both(zh=f"{table.name}：{one.text['zh-CN']}", en=f"{table.name}: {one.text['en']}"),
            file=file,
            line=int(one.place.removeprefix("trial-")) + 1,
            pointer=f"/trials/{one.place.removeprefix('trial-')}",
            name=table.name,
        )
        for one in sheet.examine(table).errors
        if one.place.startswith("trial-")
    )
