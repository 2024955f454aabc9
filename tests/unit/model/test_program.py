"""A program is named by what it means: every field that means something counts, nothing else does."""

import copy
import pickle
import subprocess
import sys
from typing import Any, get_args

import msgspec
import pytest

from engine.model import nodes, performer, triggers
from engine.model.expression import Expression, Mapping
from engine.model.program import Bounds, DataItem, Diagram, Flow, Lane, Program, canonical, decode, encode

FEEL = Expression(text="amount > 1")
MESSAGE = triggers.Message(name="customer.replied")
WORK = nodes.Work(handler="notify")

# What a field may be set to, by its name; the value differs from every default.
VALUES: dict[str, Any] = {
    "name": "Another name",
    "texts": {"zh-CN": "名称", "en": "Name"},
    "scope": "sub",
    "lane": "sales",
    "default": "f9",
    "loop": nodes.MultiInstance(collection=FEEL, element="item"),
    "standard_loop": nodes.StandardLoop(condition=FEEL),
    "inputs": (Mapping(target="x", source=FEEL),),
    "outputs": (Mapping(target="x", source=FEEL),),
    "properties": ("note",),
    "for_compensation": True,
    "start_quantity": 2,
    "completion_quantity": 2,
    "asynchronous": True,
    "promise": performer.Promise(duration="PT4H"),
    "worth": performer.Worth(fixed_cost=2.5),
    "performer": performer.Performer(groups=(Expression("sales", "literal"),)),
    "form": "configure",
    "due": FEEL,
    "follow_up": FEEL,
    "priority": FEEL,
    "actions": ("approve",),
    "work": WORK,
    "message": MESSAGE,
    "instantiate": True,
    "script": "x = 1",
    "language": "feel",
    "result": "grade",
    "decision": "rating",
    "result_shape": "singleEntry",
    "called": FEEL,
    "binding": "version",
    "version": "3",
    "pass_all_in": False,
    "pass_all_out": False,
    "business_key": FEEL,
    "variety": "transaction",
    "completion": FEEL,
    "ordering": "sequential",
    "cancel_remaining": False,
    "active_elements": FEEL,
    "triggers": (MESSAGE,),
    "parallel": True,
    "interrupting": False,
    "initiator": "who",
    "attached_to": "task",
    "compensation_handler": "undo",
    "activation": FEEL,
}
NOT_MEANING = {"line": 7, "origin": "op_1", "documentation": "why it is there"}
NODE_KINDS = get_args(nodes.AnyNode)


def fields(kind: type[msgspec.Struct]) -> list[str]:
    return [field.name for field in msgspec.structs.fields(kind)]


def program(*parts: Any, **more: Any) -> Program:
    return Program(key="p", nodes=tuple(parts), **more)


MEANT = [(kind, name) for kind in NODE_KINDS for name in fields(kind) if name in VALUES]
UNMEANT = [(kind, name) for kind in NODE_KINDS for name in fields(kind) if name in NOT_MEANING]


@pytest.mark.parametrize("kind, name", MEANT, ids=lambda value: getattr(value, "__name__", value))
def test_a_field_that_means_something_changes_the_name_of_the_program(kind: type[nodes.Node], name: str) -> None:
    plain = program(kind(id="n"))
    changed = program(kind(id="n", **{name: VALUES[name]}))
    assert plain.sha256 != changed.sha256


@pytest.mark.parametrize("kind, name", MEANT, ids=lambda value: getattr(value, "__name__", value))
def test_every_field_survives_storing(kind: type[nodes.Node], name: str) -> None:
    written = program(kind(id="n", **{name: VALUES[name]}))
    read = decode(encode(written))
    assert read == written
    assert read.sha256 == written.sha256


@pytest.mark.parametrize("kind, name", UNMEANT, ids=lambda value: getattr(value, "__name__", value))
def test_lines_provenance_and_notes_do_not_change_it(kind: type[nodes.Node], name: str) -> None:
    assert program(kind(id="n")).sha256 == program(kind(id="n", **{name: NOT_MEANING[name]})).sha256


def test_each_kind_of_node_means_something_else() -> None:
    names = {program(kind(id="n")).sha256 for kind in NODE_KINDS}
    assert len(names) == len(NODE_KINDS)


def test_the_order_of_flows_counts_for_an_exclusive_gateway_takes_the_first_that_holds() -> None:
    first, second = Flow(id="a", source="g", target="x"), Flow(id="b", source="g", target="y")
    assert program(flows=(first, second)).sha256 != program(flows=(second, first)).sha256


@pytest.mark.parametrize(
    "more",
    [
        {"name": "P"},
        {"texts": {"en": "P"}},
        {"version_tag": "1.0"},
        {"executable": False},
        {"flows": (Flow(id="f", source="a", target="b"),)},
        {"flows": (Flow(id="f", source="a", target="b", condition=FEEL),)},
        {"lanes": (Lane(id="l", name="Sales", nodes=("a",)),)},
        {"data": (DataItem(id="d", name="order"),)},
        {"forms": {"start": {"type": "object"}}},
        {"forms": {"start": {"type": "object", "properties": {"line": {"type": "string"}}}}},
        {"forms": {"start": {"type": "object", "properties": {"origin": {"type": "string"}}}}},
        {"decisions": {"rating": "<definitions/>"}},
        {"parameters": {"limit": 5}},
        {"parameters": {"limit": 5, "line": 1}},
        {"inputs": ("order",)},
        {"outputs": ("grade",)},
    ],
)
def test_every_part_of_a_program_counts(more: dict[str, Any]) -> None:
    """Also keys that authors choose themselves and that are called like fields that do not count."""
    assert program(**more).sha256 != program().sha256


def test_the_drawing_does_not_count() -> None:
    drawn = Diagram(shapes={"n": Bounds(1, 2, 3, 4)}, edges={"f": ((1.0, 2.0), (3.0, 4.0))}, expanded=("sub",))
    assert program(diagram=drawn).sha256 == program().sha256
    assert decode(encode(program(diagram=drawn))).diagram == drawn


def test_a_default_written_out_is_the_same_as_one_left_out() -> None:
    """Strings that are equal but not the same object, as two readers of files make them."""
    empty = "".join(["x"])[1:]
    assert program(nodes.UserTask(id="n", name=empty, form=empty)).sha256 == program(nodes.UserTask(id="n")).sha256


def test_whole_numbers_mean_the_same_before_and_after_storing() -> None:
    worth = performer.Worth(fixed_cost=30, touch_minutes=12)
    written = program(nodes.Task(id="n", worth=worth))
    assert decode(encode(written)).sha256 == written.sha256


def test_the_canonical_form_has_sorted_keys_and_no_white_space() -> None:
    text = canonical(program(nodes.Task(id="n", name="N"), parameters={"b": 1, "a": 2})).decode()
    assert text.index('"key"') < text.index('"nodes"') < text.index('"parameters"')
    assert '{"a":2,"b":1}' in text
    assert " " not in text


def test_another_process_computes_the_same_name() -> None:
    made = program(nodes.UserTask(id="n", texts={"zh-CN": "审批", "en": "Approve"}), parameters={"limit": 0.1})
    code = "import sys; from engine.model.program import decode; print(decode(sys.stdin.buffer.read()).sha256)"
    done = subprocess.run([sys.executable, "-c", code], input=encode(made), capture_output=True, check=True)
    assert done.stdout.decode().strip() == made.sha256


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"{}",
        b'{"key": 1}',
        b'{"key": "p", "nodes": [{"id": "n"}]}',
        b'{"key": "p", "nodes": [{"kind": "teleport", "id": "n"}]}',
        b'{"key": "p", "nodes": [{"kind": "userTask", "id": 7}]}',
        b'{"key": "p", "flows": [{"id": "f", "source": "a"}]}',
    ],
)
def test_what_is_no_program_is_refused(data: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode(data)


def test_a_program_cannot_be_changed() -> None:
    made = program(nodes.Task(id="n"))
    with pytest.raises(AttributeError):
        made.key = "q"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        made.nodes[0].id = "m"  # type: ignore[misc]


def test_the_name_is_worked_out_once_and_belongs_to_its_value_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Program] = []

    def counted(program: Program) -> bytes:
        asked.append(program)
        return canonical(program)

    monkeypatch.setattr("engine.model.program.canonical", counted)
    made = program(nodes.Task(id="n"))
    assert made.sha256 == made.sha256
    assert len(asked) == 1
    other = msgspec.structs.replace(made, key="q")
    assert other.sha256 != made.sha256
    assert len(asked) == 2


def test_whether_the_name_was_asked_for_makes_no_difference() -> None:
    named, plain = program(nodes.Task(id="n")), program(nodes.Task(id="n"))
    assert named.sha256
    assert named == plain
    assert encode(named) == encode(plain)
    again = copy.deepcopy(named)
    assert again == plain and again.sha256 == plain.sha256
    assert pickle.loads(pickle.dumps(named)).sha256 == plain.sha256
    assert "sha256" not in msgspec.to_builtins(named)
