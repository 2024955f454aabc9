"""Who uses what: the places of all living versions that name a process, a decision, a form, a group, a person, an
assignment rule, a message, a signal, a handler, a topic, a calendar, a mail template or a credential. Asked before
something is changed or goes.

Living are the newest and the released version of each base and variant, and any other with which cases still run.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple, get_args

import msgspec

from engine import errors, outward
from engine.binding import Binding
from engine.definitions import bindings
from engine.model import nodes, triggers
from engine.model.expression import Expression
from engine.model.program import Program
from engine.model.text import Text, both
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction

Kind = Literal[
    "process",
    "decision",
    "form",
    "group",
    "person",
    "rule",
    "message",
    "signal",
    "handler",
    "topic",
    "calendar",
    "template",
    "credential",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
OF_ONE_PROCESS = frozenset({"decision", "form"})
"""Kinds whose keys are a process's own: the same key elsewhere is another thing."""
LONGEST_KEY = 1000


MOST_REMEMBERED = 2_000


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """One place of a program that names something."""

    kind: Kind
    key: str
    node: str
    """Empty for the process as a whole."""
    texts: Text
    how: Text


class Use(msgspec.Struct, frozen=True, kw_only=True):
    process: str
    variant: str = ""
    """Its id; empty for the base."""
    group: str = ""
    """Of customers, that the variant is for."""
    n: int
    status: str
    """``draft``, ``released`` ... of the version."""
    running: int = 0
    """Cases that run with this version now."""
    named: Named


class Key(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    process: str = ""
    """Whose it is, where the kind is a process's own."""
    places: int


class _Version(msgspec.Struct, frozen=True, kw_only=True):
    process: str
    variant: str = ""
    group: str = ""
    n: int
    status: str
    program: str


_NAMES: dict[str, tuple[Named, ...]] = {}
"""By the hash of a program, which is of its content: what was read once never changes."""


def of(engine: Engine, *, kind: str, key: str, agent: Agent, process: str = "") -> tuple[Use, ...]:
    """Every place, by process, base before variants, newest version first. ``process`` says whose decision or form it
    is; without it, those of all processes.

    Raises errors.Forbidden, and errors.Invalid for a kind that is none.
    """
    _known(kind)
    rights.need(agent, "process.see")
    with engine.store.reading() as tx:
        running, through = tx.variants.running(), _through(tx, kind)
        return tuple(
            Use(
                process=version.process,
                variant=version.variant,
                group=version.group,
                n=version.n,
                status=version.status,
                running=running.get((version.process, version.program), 0),
                named=one,
            )
            for version, names in _everything(tx, running)
            for one in (*names, *_behind(names, through))
            if one.kind == kind and one.key == key and (not process or version.process == process)
        )


def keys(engine: Engine, *, kind: str, agent: Agent) -> tuple[Key, ...]:
    """Everything of a kind that is used, with the number of places. Raises as ``of``."""
    _known(kind)
    rights.need(agent, "process.see")
    with engine.store.reading() as tx:
        through = _through(tx, kind)
        found = Counter(
            (one.key, version.process if kind in OF_ONE_PROCESS else "")
            for version, names in _everything(tx, tx.variants.running())
            for one in (*names, *_behind(names, through))
            if one.kind == kind
        )
    return tuple(Key(key=key, process=process, places=found[key, process]) for key, process in sorted(found))


def named(program: Program) -> tuple[Named, ...]:
    """Every place of one program, in the order of the drawing; once each."""
    found = [one for node in program.nodes for one in _of(node)]
    found += [
        Named(kind="handler", key=one.handler, node=one.node, texts=_called(program, one.node), how=_RUNS)
        for one in bindings.named(program)
    ]
    return _once(found)


def _once(found: Sequence[Named]) -> tuple[Named, ...]:
    return tuple({(one.kind, one.key, one.node, one.how["en"]): one for one in found if one.key}.values())


class _Through(NamedTuple):
    """What stands behind the handlers that drawings name."""

    bound: Mapping[str, Binding]
    credentials: Mapping[str, str]
    """Handler of a connector -> the credential that it logs in with."""


def _through(tx: Transaction, kind: str) -> _Through:
    if kind not in ("handler", "topic", "credential"):
        return _Through({}, {})
    named = {outward.CONNECTOR + one.name: str(one.settings.get("credential", "")) for one in tx.connectors.all()}
    credentials = {handler: key for handler, key in named.items() if key}
    return _Through({one.handler: one for one in tx.bindings.all()}, credentials)


def _behind(names: Sequence[Named], through: _Through) -> Iterator[Named]:
    """What a program uses without naming it: what its handlers are bound to, and the credentials of connectors."""
    for one in names:
        if one.kind != "handler":
            continue
        binding, handler = through.bound.get(one.key), one.key
        if binding is not None:
            how = both(zh=f"“{one.key}”绑定到它", en=f"{one.key} is bound to it")
            yield msgspec.structs.replace(one, kind=binding.kind, key=binding.target, how=how)
            handler = binding.target if binding.kind == "handler" else ""
        if handler in through.credentials:
            connector = handler.removeprefix(outward.CONNECTOR)
            how = both(zh=f"经连接器 {connector} 使用它", en=f"uses it through the connector {connector}")
            yield msgspec.structs.replace(one, kind="credential", key=through.credentials[handler], how=how)


def _everything(
    tx: Transaction, running: Mapping[tuple[str, str], int]
) -> Iterator[tuple[_Version, tuple[Named, ...]]]:
    for version in _versions(tx, running):
        if version.program not in _NAMES:
            program = tx.programs.get(version.program)
            if len(_NAMES) >= MOST_REMEMBERED:
                _NAMES.clear()
            _NAMES[version.program] = named(program) if program is not None else ()
        yield version, _NAMES.get(version.program, ())


def _versions(tx: Transaction, running: Mapping[tuple[str, str], int]) -> Iterator[_Version]:
    for process in tx.processes.all():
        for place, base in enumerate(tx.processes.versions(process.key)):
            if base.program and (place == 0 or base.status == "released" or (process.key, base.program) in running):
                yield _Version(process=process.key, n=base.n, status=base.status, program=base.program)
        for variant in tx.variants.all(process.key):
            for place, one in enumerate(tx.variants.versions(variant.id)):
                if one.program and (place == 0 or one.status == "released" or (process.key, one.program) in running):
                    yield _Version(
                        process=process.key,
                        variant=variant.id,
                        group=variant.customer_group,
                        n=one.n,
                        status=one.status,
                        program=one.program,
                    )


_CALLS = both(zh="调用此流程", en="calls it")
_DECIDES = both(zh="用它决策", en="decides with it")
_SHOWS = both(zh="显示此表单", en="shows it")
_RUNS = both(zh="由它处理", en="is done by it")
_HANDS = both(zh="交给它办理", en="is done by them")
_ASSIGNS = both(zh="按它分配", en="is assigned by it")
_WAITS = both(zh="等待它", en="waits for it")
_STARTS = both(zh="因它发起", en="begins with it")
_SENDS = both(zh="发出它", en="sends it")
_LOGS_IN = both(zh="用它登录", en="logs in with it")
_COUNTS = both(zh="按它计时", en="counts time in it")


def _of(node: nodes.AnyNode) -> Iterator[Named]:
    def made(kind: Kind, key: str, how: Text) -> Named:
        return Named(kind=kind, key=key, node=node.id, texts=_texts(node), how=how)

    if isinstance(node, nodes.CallActivity):
        yield made("process", _literal(node.called), _CALLS)
    if isinstance(node, nodes.BusinessRuleTask):
        yield made("decision", node.decision, _DECIDES)
    if isinstance(node, nodes.UserTask | nodes.StartEvent):
        yield made("form", node.form, _SHOWS)
    if isinstance(node, nodes.UserTask):
        yield made("rule", node.performer.rule, _ASSIGNS)
        yield from (made("group", _literal(one), _HANDS) for one in node.performer.groups)
        yield from (made("person", _literal(one), _HANDS) for one in node.performer.users)
        yield made("person", _literal(node.performer.assignee), _HANDS)
    if isinstance(node, nodes.Activity) and node.promise is not None:
        yield made("calendar", node.promise.calendar, _COUNTS)
    works = [getattr(node, "work", None), *(errand.work for errand in node.errands)]
    for work in works:
        if work is None:
            continue
        if work.style == "external":
            yield made("topic", work.handler, _RUNS)
        told = {one.target: _literal(one.source) for one in work.parameters}
        if work.handler == outward.EMAIL:
            yield made("handler", _connector(told), _RUNS)
        if work.handler == outward.EMAIL or work.handler.startswith(outward.CONNECTOR):
            yield made("template", told.get("template", ""), _SENDS)
        if work.handler == outward.HTTP:
            yield made("credential", told.get("credential", ""), _LOGS_IN)
    for trigger in _triggers(node):
        how = _how(node)
        if isinstance(trigger, triggers.Message):
            yield made("message", trigger.name, how)
        elif isinstance(trigger, triggers.Signal):
            yield made("signal", _literal(trigger.name), how)
        elif isinstance(trigger, triggers.Timer):
            yield made("calendar", trigger.calendar, _COUNTS)


def _triggers(node: nodes.AnyNode) -> list[triggers.AnyTrigger]:
    own = getattr(node, "message", None)
    return [*getattr(node, "triggers", ()), *([own] if own is not None else [])]


def _how(node: nodes.AnyNode) -> Text:
    if isinstance(node, nodes.StartEvent):
        return _STARTS
    sends = isinstance(node, nodes.SendTask | nodes.EndEvent | nodes.ThrowEvent)
    return _SENDS if sends else _WAITS


def _connector(told: Mapping[str, str]) -> str:
    """By which connector a letter goes, as a handler; empty where that is computed."""
    name = told.get("connector", outward.USUAL_MAIL)
    return outward.CONNECTOR + name if name else ""


def _literal(expression: Expression | None) -> str:
    """Empty for what is computed when it is reached."""
    return expression.text if expression is not None and expression.language == "literal" else ""


def _called(program: Program, node: str) -> Text:
    return next((_texts(one) for one in program.nodes if one.id == node), {})


def _texts(node: nodes.AnyNode) -> Text:
    return node.texts or both(zh=node.name or node.id, en=node.name or node.id)


def _known(kind: str) -> None:
    if kind not in KINDS:
        raise errors.Invalid(
            "use_kind",
            zh=f"“{kind[:50]}”不是可查的种类；有：{'、'.join(KINDS)}。",
            en=f"There is no kind {kind[:50]!r}; there are: {', '.join(KINDS)}.",
        )
