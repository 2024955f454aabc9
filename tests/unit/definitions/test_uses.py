"""Where something is used: every place of a living version that names it, bases and variants, with their cases."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from engine import errors, outward, variation
from engine.binding import Binding
from engine.bpmn import read
from engine.definitions import uses
from engine.model import nodes, triggers
from engine.model.expression import Expression, Mapping
from engine.model.performer import Performer, Promise
from engine.model.program import Program
from engine.people.agent import Agent
from tests.house import BOSS, House, house
from tests.kernel.models import feel, literal, node, program

SALES = Performer(groups=(literal("sales"),), users=(literal("li"),), assignee=literal("wang"), rule="least_busy")


def whole(key: str = "deal") -> Program:
    """Something of every kind."""
    work = nodes.Work(handler="credit", style="external")
    return program(
        node("start s", form="ask", triggers=(triggers.Message(name="lead.came"),)),
        node(
            "user review", name="Review", performer=SALES, form="ask", promise=Promise(duration="PT4H", calendar="cn")
        ),
        nodes.CallActivity(id="sub", called=literal("risk")),
        nodes.BusinessRuleTask(id="rate", decision="level"),
        nodes.ServiceTask(id="mail", work=nodes.Work(handler="email")),
        nodes.ServiceTask(id="score", work=work),
        nodes.ServiceTask(id="letter", work=job("email", template="welcome", connector="post")),
        nodes.ServiceTask(id="open", work=job("email", template=feel("chosen"), connector=feel("chosen"))),
        nodes.ServiceTask(id="fetch", work=job("http", credential="bank", url="https://bank.example")),
        nodes.ServiceTask(id="ask", work=job("connector:rates", template="rates", credential="not its own")),
        nodes.ReceiveTask(id="wait", message=triggers.Message(name="customer.replied")),
        nodes.ThrowEvent(id="tell", triggers=(triggers.Signal(name=literal("won")),)),
        nodes.CatchEvent(id="pause", triggers=(triggers.Timer(kind="duration", text=literal("P1D"), calendar="de"),)),
        "end e",
        flow=["s > review > sub > rate > mail > score > letter > open > fetch > ask > wait > tell > pause > e"],
        key=key,
        forms={"ask": {"type": "object", "properties": {}}},
        decisions={"level": "<x/>"},
    )


def job(handler: str, **told: Any) -> nodes.Work:
    given = {name: value if isinstance(value, Expression) else literal(value) for name, value in told.items()}
    return nodes.Work(handler=handler, parameters=tuple(Mapping(target=n, source=v) for n, v in given.items()))


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path, reader=read.read) as made:
        yield made


PLACES: list[tuple[str, str, list[tuple[str, str]]]] = [
    ("process", "risk", [("sub", "calls it")]),
    ("decision", "level", [("rate", "decides with it")]),
    ("form", "ask", [("s", "shows it"), ("review", "shows it")]),
    ("group", "sales", [("review", "is done by them")]),
    ("person", "li", [("review", "is done by them")]),
    ("person", "wang", [("review", "is done by them")]),
    ("rule", "least_busy", [("review", "is assigned by it")]),
    ("message", "lead.came", [("s", "begins with it")]),
    ("message", "customer.replied", [("wait", "waits for it")]),
    ("signal", "won", [("tell", "sends it")]),
    ("handler", "email", [(step, "is done by it") for step in ("mail", "letter", "open")]),
    ("handler", "connector:mail", [("mail", "is done by it")]),
    ("handler", "connector:post", [("letter", "is done by it")]),
    ("handler", "connector:", []),
    ("template", "welcome", [("letter", "sends it")]),
    ("template", "rates", [("ask", "sends it")]),
    ("credential", "bank", [("fetch", "logs in with it")]),
    ("credential", "not its own", []),
    ("topic", "credit", [("score", "is done by it")]),
    ("calendar", "cn", [("review", "counts time in it")]),
    ("calendar", "de", [("pause", "counts time in it")]),
    ("process", "nobody", []),
    ("decision", "risk", []),
]


@pytest.mark.parametrize(("kind", "key", "places"), PLACES)
def test_every_place_is_found_with_what_it_does(kind: str, key: str, places: list[tuple[str, str]]) -> None:
    found = [one for one in uses.named(whole()) if (one.kind, one.key) == (kind, key)]
    assert [(one.node, one.how["en"]) for one in found] == places
    assert all(set(one.how) == {"zh-CN", "en"} and one.texts for one in found)


def test_what_is_computed_is_named_nowhere() -> None:
    computed = literal("risk")
    odd = program("start s", nodes.CallActivity(id="sub", called=None), "end e", flow=["s > sub > e"])
    assert [one for one in uses.named(odd) if one.kind == "process"] == []
    assert computed.text not in {one.key for one in uses.named(odd)}


def test_living_versions_of_all_processes_with_their_cases(home: House) -> None:
    home.release(whole())
    home.release(
        program(
            "start s", nodes.CallActivity(id="own", called=literal("risk")), "end e", flow=["s > own > e"], key="other"
        )
    )
    found = uses.of(home.engine, kind="process", key="risk", agent=BOSS)
    assert [(one.process, one.n, one.status, one.named.node) for one in found] == [
        ("deal", 1, "released", "sub"),
        ("other", 1, "released", "own"),
    ]


def test_an_old_version_lives_as_long_as_a_case_runs_with_it(home: House) -> None:
    old = program("start s", node("user ask", performer=SALES), "end e", flow=["s > ask > e"], key="deal")
    home.release(old)
    case = home.start("deal")
    calm = program("start s", "end e", flow=["s > e"], key="deal")
    home.release(calm)
    with home.engine.store.transaction() as tx:
        first = tx.processes.version("deal", 1)
        assert first is not None
        tx.processes.put_version(msgspec.structs.replace(first, status="retired"))
    found = uses.of(home.engine, kind="group", key="sales", agent=BOSS)
    assert [(one.n, one.status, one.running) for one in found] == [(1, "retired", 1)]
    with home.engine.store.transaction() as tx:
        instance = tx.instances.get(case)
        assert instance is not None
        tx.instances.forget([instance.id])
    assert uses.of(home.engine, kind="group", key="sales", agent=BOSS) == ()


def test_variants_are_told_beside_their_base(home: House) -> None:
    base = home.release(program("start s", "end e", flow=["s > e"], key="deal"))
    with home.engine.store.transaction() as tx:
        more = tx.programs.add(whole(), process="deal", now=home.now)
        tx.variants.put(
            variation.Variant(id="deal:KA", process="deal", customer_group="KA", texts={}, created_at=home.now)
        )
        version = variation.VariantVersion(
            variant_id="deal:KA", n=1, process="deal", base_n=1, program=more, status="draft",
            created_at=home.now, created_by="boss",
        )  # fmt: skip
        tx.variants.put_version(version)
    found = uses.of(home.engine, kind="decision", key="level", agent=BOSS)
    assert base != more and [(one.variant, one.group, one.n, one.status) for one in found] == [
        ("deal:KA", "KA", 1, "draft")
    ]
    assert uses.of(home.engine, kind="decision", key="level", process="other", agent=BOSS) == ()


def test_a_credential_is_used_where_a_connector_that_logs_in_with_it_is(home: House) -> None:
    home.release(whole())
    with home.engine.store.transaction() as tx:
        for name, credential in (("rates", "bank"), ("post", "letters"), ("idle", "bank"), ("open", "")):
            settings = {"credential": credential} if credential else {}
            tx.connectors.put(
                outward.Connector(name=name, kind="http", settings=settings, changed_at=home.now, changed_by="boss")
            )
    found = uses.of(home.engine, kind="credential", key="bank", agent=BOSS)
    assert [(one.named.node, one.named.how["en"]) for one in found] == [
        ("fetch", "logs in with it"),
        ("ask", "uses it through the connector rates"),
    ]
    assert found[1].named.how["zh-CN"] == "经连接器 rates 使用它"
    assert [(one.key, one.places) for one in uses.keys(home.engine, kind="credential", agent=BOSS)] == [
        ("bank", 2),
        ("letters", 1),
    ]


def test_a_connector_a_topic_and_a_credential_are_used_where_a_handler_is_bound_to_them(home: House) -> None:
    """A drawing names a Java class; the house has said what does it."""
    named = {"score": "org.acme.Score", "print": "org.acme.Print", "free": "org.acme.Free"}
    steps = [
        nodes.ServiceTask(id=name, work=nodes.Work(handler=handler, style="unbound")) for name, handler in named.items()
    ]
    home.release(program("start s", *steps, "end e", flow=["s > score > print > free > e"], key="bought"))
    with home.engine.store.transaction() as tx:
        settings = {"credential": "bank"}
        tx.connectors.put(
            outward.Connector(name="rates", kind="http", settings=settings, changed_at=home.now, changed_by="boss")
        )
        for handler, kind, target in (
            ("org.acme.Score", "handler", "connector:rates"),
            ("org.acme.Print", "topic", "printing"),
        ):
            tx.bindings.put(
                Binding(handler=handler, kind=kind, target=target, bound_at=home.now, bound_by="boss")  # type: ignore[arg-type]
            )

    def used(kind: str, key: str) -> list[tuple[str, str, str]]:
        found = uses.of(home.engine, kind=kind, key=key, agent=BOSS)
        return [(one.named.node, one.named.how["zh-CN"], one.named.how["en"]) for one in found]

    assert used("handler", "connector:rates") == [
        ("score", "“org.acme.Score”绑定到它", "org.acme.Score is bound to it")
    ]
    assert used("topic", "printing") == [("print", "“org.acme.Print”绑定到它", "org.acme.Print is bound to it")]
    assert used("credential", "bank") == [("score", "经连接器 rates 使用它", "uses it through the connector rates")]
    assert [node for node, _, _ in used("handler", "org.acme.Score")] == ["score"], "under its own name, too"
    assert used("handler", "connector:none") == []
    assert ("connector:rates", 1) in [
        (one.key, one.places) for one in uses.keys(home.engine, kind="handler", agent=BOSS)
    ]


def test_everything_of_a_kind_with_the_number_of_places(home: House) -> None:
    home.release(whole())
    home.release(whole("twin"))
    found = uses.keys(home.engine, kind="form", agent=BOSS)
    assert [(one.key, one.process, one.places) for one in found] == [("ask", "deal", 2), ("ask", "twin", 2)]
    shared = uses.keys(home.engine, kind="group", agent=BOSS)
    assert [(one.key, one.process, one.places) for one in shared] == [("sales", "", 2)]


def test_a_kind_that_is_none_and_who_may_not(home: House) -> None:
    for ask in (
        lambda: uses.keys(home.engine, kind="dance", agent=BOSS),
        lambda: uses.of(home.engine, kind="", key="x", agent=BOSS),
    ):
        with pytest.raises(errors.Invalid, match="There is no kind"):
            ask()
    with pytest.raises(errors.Forbidden):
        uses.keys(home.engine, kind="form", agent=Agent(key="x", name="X", roles=frozenset()))
