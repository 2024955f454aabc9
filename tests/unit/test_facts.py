"""History: every kind of fact is kept and read back, none can be changed, and an unknown one is refused."""

import typing
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import facts

KINDS: tuple[type[facts.Fact], ...] = typing.get_args(facts.AnyFact)
SAMPLES: dict[Any, Any] = {
    str: "x",
    int: 7,
    bool: True,
    dict[str, Any]: {"a": [1, None, "李"]},
    dict[str, str]: {"zh-CN": "因", "en": "why"},
    tuple[str, ...]: ("a", "b"),
    Any: {"deep": [1.5, True]},
    typing.Literal["deadline", "goal"]: "goal",
}


def filled(kind: type[facts.Fact]) -> facts.Fact:
    """With a value of its own in every field."""
    hints = typing.get_type_hints(kind)
    return kind(**{field.name: SAMPLES[hints[field.name]] for field in msgspec.structs.fields(kind)})


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_what_is_kept_is_read_back_whole(kind: type[facts.Fact]) -> None:
    fact = filled(kind)
    assert msgspec.json.decode(msgspec.json.encode(fact), type=facts.AnyFact) == fact


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_fact_is_kept_under_its_own_name(kind: type[facts.Fact]) -> None:
    assert msgspec.json.decode(msgspec.json.encode(filled(kind)))["type"] == kind.__name__


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_what_has_happened_cannot_be_changed(kind: type[facts.Fact]) -> None:
    with pytest.raises(AttributeError):
        filled(kind).node = "elsewhere"  # type: ignore[misc]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_fact_carries_no_moment_and_no_agent_for_the_store_writes_them_beside_it(kind: type[facts.Fact]) -> None:
    names = {field.name for field in msgspec.structs.fields(kind)}
    assert not names & {"at", "now", "agent", "moment", "seq"}
    assert {"node", "scope"} <= names


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_what_says_nothing_is_not_written(kind: type[facts.Fact]) -> None:
    """History is the largest table: a field that has its default takes no room."""
    needed = {field.name: SAMPLES[typing.get_type_hints(kind)[field.name]]
              for field in msgspec.structs.fields(kind) if field.required}  # fmt: skip
    written = msgspec.json.decode(msgspec.json.encode(kind(**needed)))
    assert set(written) == {"type", *needed}


def test_every_fact_of_the_file_is_one_of_them() -> None:
    found = {one for one in vars(facts).values() if isinstance(one, type) and issubclass(one, facts.Fact)}
    assert found - {facts.Fact} == set(KINDS)


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b"[]", b"null", b'{"type":"Nothing"}', b'{"type":"FlowTaken"}', b'{"type":"FlowTaken","flow":1}',
     b'{"type":"ActivityStarted","token":"1"}', b'{"type":"TimerFired","wait":1.5}', b"\xff"],
)  # fmt: skip
def test_what_is_no_fact_is_refused(data: bytes) -> None:
    with pytest.raises((msgspec.MsgspecError, UnicodeDecodeError)):
        msgspec.json.decode(data, type=facts.AnyFact)


def test_a_field_that_a_later_version_added_does_not_hinder_an_older_reader() -> None:
    data = b'{"type":"FlowTaken","flow":"f","added_later":{"x":1}}'
    assert msgspec.json.decode(data, type=facts.AnyFact) == facts.FlowTaken(flow="f")


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=10), VALUES, max_size=4))
@settings(max_examples=100, deadline=None)
def test_any_values_that_were_set_are_read_back(values: dict[str, Any]) -> None:
    fact = facts.VariablesSet(values=values)
    assert msgspec.json.decode(msgspec.json.encode(fact), type=facts.AnyFact) == fact
