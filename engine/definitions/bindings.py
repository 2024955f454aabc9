"""Handlers that drawings name and nobody does yet, and who shall do them.

A Java class, a delegate, an expression that calls code: the drawing's name stays the handler's name. It is done by the
house's own handler of that name, or by what somebody bound it to: another handler of the house (built-in, or of an
installed package), or workers outside who ask for a topic.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from engine import errors
from engine.binding import Binding
from engine.definitions.finding import finding
from engine.model import nodes
from engine.model.problem import Problem
from engine.model.program import Flow, Program
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction

LONGEST_NAME = 1000
"""Characters of a handler's name: whole expressions are names, too."""


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """Where a program names a handler."""

    process: str
    node: str
    name: str
    """The node's, as drawn."""
    handler: str
    line: int = 0


class Handlers(msgspec.Struct, frozen=True, kw_only=True):
    known: tuple[str, ...]
    """What runs here: built-in handlers and those of installed packages, by name."""
    bindings: tuple[Binding, ...]
    missing: tuple[Named, ...]
    """Of the newest and of the released version of every process and every variant, each place once."""


class Duty(msgspec.Struct, frozen=True, kw_only=True):
    """One handler that a version names."""

    handler: str
    places: tuple[Named, ...]
    binding: Binding | None = None
    """Who does it, where the house has no handler of that name."""
    done: bool = False


def named(program: Program) -> tuple[Named, ...]:
    """Every handler that a program needs of this house; topics of workers outside are not of it."""
    found = []
    for place in (*program.nodes, *program.flows):
        for handler in _handlers(place):
            found.append(Named(process=program.key, node=place.id, name=place.name, handler=handler, line=place.line))
    found += [Named(process=program.key, node="", name="", handler=name) for name in _unbound(program.errands)]
    return tuple(dict.fromkeys(found))


def _handlers(place: nodes.AnyNode | Flow) -> tuple[str, ...]:
    """Of its work and of its errands."""
    if isinstance(place, Flow):
        return _unbound(place.errands)
    own = _handler(place)
    return (*([own] if own else ()), *_unbound(errand.work for errand in place.errands))


def _unbound(works: Iterable[nodes.Work]) -> tuple[str, ...]:
    return tuple(work.handler for work in works if work.style != "external")


def _handler(node: nodes.AnyNode) -> str:
    """Empty for a node whose work is none, the kernel's own, or an external worker's."""
    work = getattr(node, "work", None)
    if work is not None:
        decided = isinstance(node, nodes.BusinessRuleTask) and (node.decision or node.decided_by is not None)
        return "" if decided or work.style == "external" else work.handler
    if isinstance(node, nodes.ServiceTask):
        return node.id
    undecided = isinstance(node, nodes.BusinessRuleTask) and not node.decision and node.decided_by is None
    return node.id if undecided else ""


def missing(engine: Engine, tx: Transaction, programs: Iterable[Program]) -> tuple[Named, ...]:
    """What these programs name that nobody does."""
    done = {*engine.handlers, *(binding.handler for binding in tx.bindings.all() if _holds(engine, binding))}
    return tuple(place for program in programs for place in named(program) if place.handler not in done)


def _holds(engine: Engine, binding: Binding) -> bool:
    """A binding to a package's handler ends with the package."""
    return binding.kind == "topic" or binding.target in engine.handlers


def problems(engine: Engine, tx: Transaction, program: Program) -> tuple[Problem, ...]:
    """The missing handlers as warnings: a release is not stopped, for they may be bound until the first case comes."""
    places: dict[str, nodes.AnyNode | Flow] = {place.id: place for place in (*program.nodes, *program.flows)}
    named: dict[str, list[str]] = {}
    for place in missing(engine, tx, (program,)):
        if place.handler != place.node:  # else another rule says that nothing is named
            named.setdefault(place.node, []).append(place.handler)
    return tuple(
        finding(
            "handler_missing",
            places.get(place),
            zh=f"“{'”、“'.join(found)}”还没有人处理：流程到达这里会停下，等待绑定处理程序",
            en=f"Nobody does {', '.join(found)} yet: a case that comes here stops until the handler is bound",
            mend=("把它绑定到内置处理程序、已安装的包或外部主题", "Bind it to a handler of this house or to a topic"),
            severity="warning",
        )
        for place, found in named.items()
    )


def handlers(engine: Engine, *, agent: Agent) -> Handlers:
    """Who does what, and what nobody does. Raises errors.Forbidden."""
    rights.need(agent, "process.see")
    with engine.store.reading() as tx:
        programs = [program for process in tx.processes.all() for program in _programs(tx, process.key)]
        places = dict.fromkeys(missing(engine, tx, programs))
        return Handlers(known=tuple(sorted(engine.handlers)), bindings=tuple(tx.bindings.all()), missing=tuple(places))


def of_process(engine: Engine, *, process: str, agent: Agent) -> tuple[Named, ...]:
    """What the newest and the released version of a process lack. Raises errors.Forbidden."""
    rights.need(agent, "process.see")
    with engine.store.reading() as tx:
        return tuple(dict.fromkeys(missing(engine, tx, _programs(tx, process))))


def duties(engine: Engine, *, process: str, n: int, agent: Agent) -> tuple[Duty, ...]:
    """Every handler that a version names and the house has not by itself: those that nobody does first, then by name.

    Raises errors.Forbidden and errors.NotFound.
    """
    rights.need(agent, "process.see")
    with engine.store.reading() as tx:
        version = tx.processes.version(process, n)
        if version is None:
            raise errors.NotFound(
                "version_unknown", zh="没有此版本。", en="There is no such version.", process=process, n=n
            )
        program = tx.programs.get(version.program)
        bound = {binding.handler: binding for binding in tx.bindings.all()}
    places: dict[str, list[Named]] = {}
    for place in named(program) if program is not None else ():
        if place.handler not in engine.handlers:
            places.setdefault(place.handler, []).append(place)
    found = [_duty(engine, handler, at, bound.get(handler)) for handler, at in places.items()]
    return tuple(sorted(found, key=lambda duty: (duty.done, duty.handler)))


def _duty(engine: Engine, handler: str, places: Iterable[Named], binding: Binding | None) -> Duty:
    done = binding is not None and _holds(engine, binding)
    return Duty(handler=handler, places=tuple(places), binding=binding, done=done)


def _programs(tx: Transaction, process: str) -> Sequence[Program]:
    """The newest and the released version of the base and of each variant."""
    newest, released = tx.processes.versions(process)[:1], tx.processes.released(process)
    hashes = dict.fromkeys(version.program for version in (*newest, released) if version is not None)
    for variant in tx.variants.all(process):
        hashes |= dict.fromkeys(version.program for version in tx.variants.versions(variant.id)[:1])
    hashes |= dict.fromkeys(version.program for _, version in tx.variants.released(process))
    return [program for sha256 in hashes if sha256 and (program := tx.programs.get(sha256)) is not None]


def bind(
    engine: Engine, *, handler: str, kind: Literal["handler", "topic"], target: str, agent: Agent, now: datetime
) -> Binding:
    """From now on ``target`` does what drawings call ``handler``; cases that stopped go on when they are retried.

    Raises errors.Forbidden, errors.Invalid for names that are empty or too long, errors.Conflict for a name that the
    house does itself, errors.NotFound for a target that it does not know.
    """
    rights.need(agent, "process.draw")
    for part, words in (("handler", handler), ("target", target)):
        if not words.strip() or len(words) > LONGEST_NAME:
            raise _bad_name(part)
    if handler in engine.handlers:
        raise errors.Conflict(
            "handler_builtin",
            zh=f"“{handler}”是本系统自己的处理程序，不能另行绑定。",
            en=f"{handler!r} is a handler of this house; it cannot be bound to another.",
            handler=handler,
        )
    if kind == "handler" and target not in engine.handlers:
        raise errors.NotFound(
            "handler_unknown",
            zh=f"没有名为“{target}”的处理程序；现有：{'、'.join(sorted(engine.handlers))}。",
            en=f"There is no handler {target!r} here; there are: {', '.join(sorted(engine.handlers))}.",
            handler=target,
        )
    made = Binding(handler=handler, kind=kind, target=target, bound_at=now, bound_by=agent.key)
    engine.store.run(lambda tx: tx.bindings.put(made))
    return made


def unbind(engine: Engine, *, handler: str, agent: Agent) -> None:
    """Nobody does it any more. Raises errors.Forbidden and errors.NotFound."""
    rights.need(agent, "process.draw")
    if not engine.store.run(lambda tx: tx.bindings.drop(handler)):
        raise errors.NotFound(
            "binding_unknown",
            zh=f"“{handler}”没有绑定。",
            en=f"{handler!r} is not bound to anything.",
            handler=handler,
        )


def _bad_name(part: str) -> errors.Invalid:
    return errors.Invalid(
        "handler_name",
        zh=f"{part} 应为 1 到 {LONGEST_NAME} 个字符。",
        en=f"{part} has 1 to {LONGEST_NAME} characters.",
        part=part,
    )
