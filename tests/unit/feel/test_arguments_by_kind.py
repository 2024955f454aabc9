"""Every built-in function with every kind of value at every parameter: what does not fit is null, and named.

The signatures are those of DMN 1.5 (tables 72 to 80) and of the functions that other engines add.
"""

from typing import NamedTuple

import pytest

from engine import feel
from engine.feel import builtins

SAMPLES = {
    # letter: kind as warnings call it, and a value of it
    "n": ("number", "7"),
    "s": ("string", '"x"'),
    "b": ("boolean", "true"),
    "l": ("list", "[1, 2]"),  # of two, for a list of one is its element
    "c": ("context", "{k: 1}"),
    "d": ("date", '@"2026-05-01"'),
    "t": ("time", '@"09:30:00"'),
    "m": ("date and time", '@"2026-05-01T09:30:00"'),
    "y": ("years and months duration", '@"P1Y"'),
    "z": ("days and time duration", '@"P1D"'),
    "r": ("range", "[1..2]"),
    "f": ("function", "function(q) q"),
    "0": ("null", "null"),
}
ANY = "".join(SAMPLES)
LIST = ANY.replace("0", "")
"""What is no list is taken as a list of it; null is none."""


class Signature(NamedTuple):
    name: str
    parameters: str
    """``name: letters``, parted by commas; a ``?`` behind the name of what may be left out."""
    example: str
    """Arguments that fit, for all parameters."""

    def read(self) -> list[tuple[str, str, bool]]:
        parts = [part.strip().split(": ") for part in self.parameters.split(",") if part.strip()]
        return [(name.rstrip("?"), letters, name.endswith("?")) for name, letters in parts]

    def arguments(self) -> list[str]:
        return [argument.strip() for argument in self.example.split(" | ")] if self.example else []


SIGNATURES = [
    Signature("substring", "string: s, start position: n, length?: n", '"foobar" | 3 | 2'),
    Signature("string length", "string: s", '"foo"'),
    Signature("upper case", "string: s", '"foo"'),
    Signature("lower case", "string: s", '"FOO"'),
    Signature("substring before", "string: s, match: s", '"foobar" | "bar"'),
    Signature("substring after", "string: s, match: s", '"foobar" | "foo"'),
    Signature("contains", "string: s, match: s", '"foobar" | "of"'),
    Signature("starts with", "string: s, match: s", '"foobar" | "fo"'),
    Signature("ends with", "string: s, match: s", '"foobar" | "r"'),
    Signature("replace", "input: s, pattern: s, replacement: s, flags?: s0", '"foo" | "o" | "u" | "i"'),
    Signature("matches", "input: s, pattern: s, flags?: s0", '"foo" | "O" | "i"'),
    Signature("split", "string: s, delimiter: s", '"a;b" | ";"'),
    Signature("list contains", f"list: {LIST}, element: {ANY}", "[1, 2] | 2"),
    Signature("count", f"list: {LIST}", "[1, 2]"),
    Signature("sublist", f"list: {LIST}, start position: n, length?: n", "[1, 2, 3] | 2 | 1"),
    Signature("insert before", f"list: {LIST}, position: n, newItem: {ANY}", "[1, 2] | 1 | 0"),
    Signature("remove", f"list: {LIST}, position: n", "[1, 2] | 1"),
    Signature("reverse", f"list: {LIST}", "[1, 2]"),
    Signature("index of", f"list: {LIST}, match: {ANY}", "[1, 2] | 2"),
    Signature("distinct values", f"list: {LIST}", "[1, 1]"),
    Signature("flatten", f"list: {LIST}", "[[1], 2]"),
    Signature("duplicate values", f"list: {LIST}", "[1, 1]"),
    Signature("is empty", f"list: {LIST}", "[1]"),
    Signature("partition", f"list: {LIST}, size: n", "[1, 2, 3] | 2"),
    Signature("decimal", "n: n, scale: n", "2.345 | 2"),
    Signature("floor", "n: n, scale?: n", "2.345 | 2"),
    Signature("ceiling", "n: n, scale?: n", "2.345 | 2"),
    Signature("round up", "n: n, scale: n", "2.345 | 2"),
    Signature("round down", "n: n, scale: n", "2.345 | 2"),
    Signature("round half up", "n: n, scale: n", "2.345 | 2"),
    Signature("round half down", "n: n, scale: n", "2.345 | 2"),
    Signature("abs", "n: nyz", "-2"),
    Signature("modulo", "dividend: n, divisor: n", "7 | 4"),
    Signature("sqrt", "number: n", "16"),
    Signature("log", "number: n", "10"),
    Signature("exp", "number: n", "1"),
    Signature("odd", "number: n", "3"),
    Signature("even", "number: n", "4"),
    Signature("not", "negand: b0", "true"),
    Signature("years and months duration", "from: dm, to: dm", '@"2020-01-01" | @"2021-03-01"'),
    Signature("day of year", "date: dm", '@"2026-05-01"'),
    Signature("day of week", "date: dm", '@"2026-05-01"'),
    Signature("month of year", "date: dm", '@"2026-05-01"'),
    Signature("week of year", "date: dm", '@"2026-05-01"'),
    Signature("last day of month", "date: dm", '@"2026-05-01"'),
    Signature("duration", "from: syz", '"P1D"'),
    Signature("range", "from: s", '"[1..2]"'),
    Signature("is blank", "string: s", '" "'),
    Signature("trim", "string: s", '" a "'),
    Signature("extract", "string: s, pattern: s", '"a1b2" | "[0-9]"'),
    Signature("get or else", f"value: {ANY}, default: {ANY}", "null | 1"),
    Signature("is defined", f"value: {ANY}", "1"),
    Signature("string", f"from: {ANY}", "1"),
    Signature("now", "", ""),
    Signature("today", "", ""),
]
ELSEWHERE = {
    # told by tables of their own: several ways to call them, or any number of arguments
    "string join", "min", "max", "append", "concatenate", "list replace", "union", "sort", "sum", "product", "mean",
    "median", "stddev", "mode", "all", "any", "get value", "get entries", "context", "context put",
    "context merge", "date", "time",
    "date and time", "number", "is", "before", "after", "meets", "met by", "overlaps", "overlaps before",
    "overlaps after", "finishes", "finished by", "includes", "during", "starts", "started by", "coincides",
}  # fmt: skip


def evaluated(text: str) -> tuple[object, list[tuple[str, str]]]:
    """The value, and the codes and words of the warnings."""
    value, warnings = feel.compile_expression(text).evaluate_with_warnings({})
    return value, [(warning.code, warning.text["en"]) for warning in warnings]


def test_every_function_has_its_signature_here_or_its_tables_elsewhere() -> None:
    here = {signature.name for signature in SIGNATURES}
    assert here | ELSEWHERE == builtins.names(), here ^ (builtins.names() - ELSEWHERE)
    assert not here & ELSEWHERE


@pytest.mark.parametrize("signature", SIGNATURES, ids=lambda signature: signature.name)
def test_the_example_fits_by_position_and_by_name_in_any_order(signature: Signature) -> None:
    names = [name for name, _, _ in signature.read()]
    arguments = signature.arguments()
    by_position = feel.compile_expression(f"{signature.name}({', '.join(arguments)})").evaluate({}, now=None)
    pairs = [f"{name}: {argument}" for name, argument in zip(names, arguments, strict=True)]
    for ordered in (pairs, pairs[::-1]):
        by_name, warnings = evaluated(f"{signature.name}({', '.join(ordered)})")
        assert by_name == by_position
        assert warnings == ([("no_clock", warnings[0][1])] if signature.name in ("now", "today") else [])
    assert by_position is not None or signature.name in ("now", "today")


@pytest.mark.parametrize("signature", SIGNATURES, ids=lambda signature: signature.name)
def test_a_value_of_another_kind_is_null_with_a_warning_that_names_the_parameter(signature: Signature) -> None:
    for place, (parameter, letters, _) in enumerate(signature.read()):
        for letter, (kind, sample) in SAMPLES.items():
            arguments = signature.arguments()
            arguments[place] = sample
            text = f"{signature.name}({', '.join(arguments)})"
            value, warnings = evaluated(text)
            refused = [words for code, words in warnings if code == "wrong_type"]
            if letter in letters:
                assert refused == [], text
            else:
                assert value is None, text
                assert len(warnings) == len(refused) == 1, text
                assert refused[0].startswith(f"parameter {parameter} of {signature.name} wants a "), text
                assert refused[0].endswith(f"but there is a {kind}"), text


@pytest.mark.parametrize("signature", SIGNATURES, ids=lambda signature: signature.name)
def test_a_list_of_one_is_its_element_where_no_list_is_wanted(signature: Signature) -> None:
    for place, (_, letters, _) in enumerate(signature.read()):
        if letters in (ANY, LIST):
            continue
        arguments = signature.arguments()
        plain = evaluated(f"{signature.name}({', '.join(arguments)})")
        arguments[place] = f"[{arguments[place]}]"
        assert evaluated(f"{signature.name}({', '.join(arguments)})") == plain, (signature.name, place)


@pytest.mark.parametrize("signature", SIGNATURES, ids=lambda signature: signature.name)
def test_too_few_too_many_or_misnamed_arguments_are_null_with_a_warning(signature: Signature) -> None:
    read, arguments = signature.read(), signature.arguments()
    needed = sum(not optional for _, _, optional in read)
    calls = [", ".join([*arguments, "1"])]
    if needed:
        calls.append(", ".join(arguments[: needed - 1]))
        named = [f"{name}: {argument}" for (name, _, _), argument in zip(read, arguments, strict=True)]
        calls.append(", ".join(["nobody: 1", *named[1:]]))
        calls.append(", ".join([*named, "nobody: 1"]))
    for inside in calls:
        value, warnings = evaluated(f"{signature.name}({inside})")
        assert value is None, inside
        assert [code for code, _ in warnings] == ["wrong_arguments"], inside
        assert warnings[0][1].startswith(f"{signature.name} does not take these arguments: ")


@pytest.mark.parametrize(
    "signature", [one for one in SIGNATURES if "?" in one.parameters], ids=lambda signature: signature.name
)
def test_what_may_be_left_out_may_be_left_out_and_null_is_not_the_same_but_for_flags(signature: Signature) -> None:
    arguments = signature.arguments()
    left_out = evaluated(f"{signature.name}({', '.join(arguments[:-1])})")
    as_null = evaluated(f"{signature.name}({', '.join([*arguments[:-1], 'null'])})")
    assert left_out[0] is not None and left_out[1] == []
    assert (as_null == left_out) == ("flags" in signature.parameters)


@pytest.mark.parametrize("name", sorted(builtins.names()))
def test_a_function_is_no_variable_and_can_be_hidden_by_one(name: str) -> None:
    """A variable of the same name is what a decision means, until it is called as a function that it is not."""
    value = feel.compile_expression(name, names=(name,)).evaluate({name: 5})
    assert value == 5
