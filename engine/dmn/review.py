"""All tables of a model, analysed: what an author wants to know before a release."""

from collections.abc import Iterator

import msgspec

from engine.dmn import analyse
from engine.dmn.analyse import Analysis
from engine.dmn.model import Boxed, Context, Decision, Element, KnowledgeModel, Table
from engine.dmn.program import Library, Unit
from engine.model.problem import Problem, Severity
from engine.model.text import Text, both


class Reviewed(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    """Of the decision or function; with the entry's name for a table within a context."""
    table: Table
    analysis: Analysis


def review(library: Library) -> list[Reviewed]:
    return [
        Reviewed(name=name, table=table, analysis=analyse.analyse(table, catalogue=library.catalogue, variables=types))
        for unit in library.units
        for types in [_types(unit)]
        for name, table in _tables(unit)
    ]


def problems(library: Library) -> list[Problem]:
    """The findings as problems of the file: an overlap is an error, a gap or a rule without effect a warning."""
    found = []
    for reviewed in review(library):
        for finding in reviewed.analysis.findings:
            severity: Severity = "error" if finding.kind == "overlap" else "warning"
            where = reviewed.table.rules[finding.rules[-1] - 1] if finding.rules else reviewed.table
            found.append(_problem(f"table_{finding.kind}", finding.text, severity, reviewed, where, library))
    return found


def cells(library: Library) -> int:
    """How many input cells all tables have: what an analysis costs."""
    return sum(len(table.rules) * len(table.inputs) for unit in library.units for _, table in _tables(unit))


def advice(library: Library) -> list[Problem]:
    """What the author of an uploaded table should know, as warnings: rules that contradict each other, with an example,
    and rules without effect. Gaps are left out: no answer may be what the author wants."""
    return [
        msgspec.structs.replace(problem, severity="warning")
        for problem in problems(library)
        if problem.code in ("table_overlap", "table_never")
    ]


def _problem(
    code: str, text: Text, severity: Severity, reviewed: Reviewed, where: Element, library: Library
) -> Problem:
    name = reviewed.name
    words = both(zh=f"“{name}”：{text['zh-CN']}", en=f"{name}: {text['en']}")
    file = library.findings.file
    element = where.id or reviewed.table.id
    return Problem(code=code, text=words, severity=severity, file=file, line=where.line, element=element, name=name)


def _tables(unit: Unit) -> Iterator[tuple[str, Table]]:
    element = unit.element
    if isinstance(element, Decision):
        yield from _within(element.body, unit.name)
    elif isinstance(element, KnowledgeModel) and element.logic is not None:
        yield from _within(element.logic.body, unit.name)


def _within(boxed: Boxed | None, name: str) -> Iterator[tuple[str, Table]]:
    if isinstance(boxed, Table):
        yield name, boxed
    elif isinstance(boxed, Context):
        for entry in boxed.entries:
            yield from _within(entry.value, f"{name}.{entry.variable.name}" if entry.variable else name)


def _types(unit: Unit) -> dict[str, str]:
    """The declared types of the variables that the unit sees."""
    element = unit.element
    if isinstance(element, KnowledgeModel):
        parameters = element.logic.parameters if element.logic is not None else ()
        return {parameter.name: parameter.type_ref for parameter in parameters}
    found = {}
    for need in unit.needs:
        variable = getattr(need.unit.element, "variable", None)
        if variable is not None and not need.alias:
            found[need.unit.name] = variable.type_ref
    return found
