"""How a rule says what it found: a Problem at a node or flow, in both languages."""

from engine.model import nodes, program
from engine.model.problem import Problem, Severity
from engine.model.text import both


def finding(
    code: str,
    place: nodes.Node | program.Flow | None,
    *,
    zh: str,
    en: str,
    mend: tuple[str, str] | None = None,
    severity: Severity = "error",
    fix: str = "",
) -> Problem:
    """``mend`` is (zh, en); ``place`` None means the process as a whole."""
    return Problem(
        code=code,
        text=both(zh=zh, en=en),
        severity=severity,
        line=place.line if place is not None else 0,
        element=place.id if place is not None else "",
        name=place.name if place is not None else "",
        mend=both(zh=mend[0], en=mend[1]) if mend else {},
        fix=fix,
    )
