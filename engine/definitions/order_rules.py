"""Rules of order: what goes into a step is worked out entry by entry, and each sees those before it.

An entry that is called like a variable therefore hides it from those after it: behind ``guest`` = ``guest.id``,
``guest.name`` is the name of an id. A name that is no variable hides nothing; it is there to be used further down.
"""

from collections.abc import Iterator, Sequence

import msgspec

from engine import errors, feel
from engine.definitions.finding import finding
from engine.definitions.graph import Graph
from engine.kernel import expressions
from engine.model import nodes
from engine.model.expression import Mapping
from engine.model.problem import Problem
from engine.model.program import Program

_ENGINES = frozenset({"customer", "execution", "initiator", "loopCounter", "outcome"})
"""Variables that nobody in the process writes."""


class Hidden(msgspec.Struct, frozen=True):
    name: str
    """The variable, and the entry that is called like it."""
    reader: Mapping
    """The first entry after it that asks for the variable."""


def hidden_variables(graph: Graph) -> Iterator[Problem]:
    known: frozenset[str] | None = None
    for node in graph.program.nodes:
        for entries in lists(node):
            if not _looks_back(entries):
                continue
            known = variables(graph.program) if known is None else known
            found = hidden(entries, known)
            if found is not None:
                yield _problem(node, found, entries, known)


RULES = (hidden_variables,)


def lists(node: nodes.Node) -> Iterator[tuple[Mapping, ...]]:
    """What is worked out one after the other: a node's inputs, and what its work is given."""
    for entries in (getattr(node, "inputs", ()), *(work.parameters for work in _works(node))):
        if len(entries) > 1:
            yield entries


def hidden(entries: Sequence[Mapping], known: frozenset[str]) -> Hidden | None:
    """The first variable of ``known`` that an entry hides from one after it."""
    taken: set[str] = set()
    for entry in entries:
        own = expressions.variable(entry.target)
        for name in sorted(_reads(entry) & taken - {own}):
            return Hidden(name, entry)
        if own in known and not (entry.target == entry.source.text and entry.source.language != "literal"):
            taken.add(own)
    return None


def order(entries: Sequence[Mapping], known: frozenset[str]) -> tuple[int, ...] | None:
    """Positions of the entries, each that hides a variable behind those that ask for it, else as they stand; None where
    no order shows every variable to all that ask for it."""
    found, left = list[int](), list(range(len(entries)))
    while left:
        free = next((here for here in left if not _kept_back(here, left, entries, known)), None)
        if free is None:
            return None
        left.remove(free)
        found.append(free)
    return tuple(found)


def variables(program: Program) -> frozenset[str]:
    """Names that hold something when a step begins: of forms, results, outputs, loops, data objects, parameters of the
    process. What only a step's own entries are called is none."""
    found = set(_ENGINES) | {*program.inputs, *program.outputs, *program.parameters}
    found |= {name for item in program.data for name in (item.id, item.name)}
    found |= {name for form in program.forms.values() for name in _properties(form)}
    for node in program.nodes:
        found |= {expressions.variable(entry.target) for entry in getattr(node, "outputs", ())}
        found |= {work.result for work in _works(node)}
        found |= {getattr(node, field, "") for field in ("result", "initiator")}
        found |= {getattr(trigger, "payload", "") for trigger in getattr(node, "triggers", ())}
        loop = getattr(node, "loop", None)
        found |= {loop.element, loop.index, loop.output_collection} if loop is not None else set()
    return frozenset(found - {""})


def _kept_back(here: int, left: Sequence[int], entries: Sequence[Mapping], known: frozenset[str]) -> bool:
    """Whether one of the others must come first: one that asks for the variable that this one is called like, or,
    where it is none, one that this entry uses and that stands before it."""
    entry, own = entries[here], expressions.variable(entries[here].target)
    for there in left:
        theirs, earlier = expressions.variable(entries[there].target), there < here
        again = theirs == own and earlier
        asks = theirs != own and own in known and own in _reads(entries[there])
        used = earlier and theirs not in known and theirs in _reads(entry)
        if again or asks or used:
            return True
    return False


def _looks_back(entries: Sequence[Mapping]) -> bool:
    """Whether any entry asks for what one before it is called: few do."""
    taken: set[str] = set()
    for entry in entries:
        if taken and taken & _reads(entry):
            return True
        taken.add(expressions.variable(entry.target))
    return False


def _reads(entry: Mapping) -> frozenset[str]:
    """Nothing where the text cannot be read: that is told by another rule."""
    if entry.source.language == "literal":
        return frozenset()
    try:
        return feel.compile_dialect(entry.source.text, entry.source.language, errands=True).free_variables
    except errors.Invalid:
        return frozenset()


def _works(node: nodes.Node) -> Iterator[nodes.Work]:
    work = getattr(node, "work", None)
    if work is not None:
        yield work
    yield from (errand.work for errand in node.errands)


def _properties(form: object) -> Iterator[str]:
    properties = form.get("properties") if isinstance(form, dict) else None
    if isinstance(properties, dict):
        yield from properties


def _problem(node: nodes.Node, found: Hidden, entries: tuple[Mapping, ...], known: frozenset[str]) -> Problem:
    name, reader = found.name, found.reader
    better = order(entries, known)
    problem = finding(
        "variable_hidden",
        node,
        zh=f"参数“{name}”与变量同名，排在它后面的“{reader.target}”读到的是参数的值，而不是变量“{name}”",
        en=f"The parameter {name} is called like a variable: {reader.target}, which comes after it, reads the "
        f"parameter and not the variable",
        severity="warning",
        mend=(
            (f"把“{name}”移到“{reader.target}”之后", f"Put {name} behind {reader.target}")
            if better
            else (f"把参数“{name}”改名", f"Give the parameter {name} another name")
        ),
        fix="put_behind" if better and all(entry.source.line for entry in entries) else "",
    )
    return msgspec.structs.replace(problem, line=reader.source.line or problem.line)
