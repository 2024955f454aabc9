"""The DMN Technology Compatibility Kit: folders of test files are run, compared and counted.

Comparison as the kit's own runners do it: numbers within 1e-8 of each other (expected values are often cut to twelve
digits), moments by value and by whether they carry an offset, contexts by exactly the same keys.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from statistics import fmean
from typing import Any

import msgspec

from engine import dmn, errors, feel
from engine.dmn import cases
from engine.dmn.cases import Case, Node, Scalar, Written

TOLERANCE = Decimal("1e-8")
NOW = datetime(2024, 2, 29, 12, 30, tzinfo=UTC)
"""The moment at which all cases run."""
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?")
_MAKERS = {
    kind: feel.compile_expression(f"{function}(text)", names=("text",))
    for kind, function in (("date", "date"), ("time", "time"), ("dateTime", "date and time"), ("duration", "duration"))
}
_SAME_MOMENT = feel.compile_expression(
    "a = b and (a.time offset = null) = (b.time offset = null)", names=("a", "b", "time offset")
)


class Result(msgspec.Struct, frozen=True, kw_only=True):
    folder: str
    file: str
    case: str
    passed: bool
    all_nil: bool
    reason: str = ""
    """Why it did not pass, in English."""


class Share(msgspec.Struct, frozen=True):
    passed: int
    total: int

    @property
    def rate(self) -> float:
        return self.passed / self.total if self.total else 1.0


class Report(msgspec.Struct, frozen=True, kw_only=True):
    all: Share
    non_nil: Share
    """Without the cases that an engine passes that answers null to everything."""
    folders: dict[str, Share]
    mean: float
    """Mean of the folders' rates: arithmetic alone is a third of level 3."""
    open: tuple[Result, ...]


def run(root: Path) -> list[Result]:
    """Every test file below ``root``, in the order of their paths."""
    files = [path for path in sorted(root.rglob("*.xml")) if b"testCases" in path.read_bytes()[:5000]]
    return [result for path in files for result in run_file(path)]


def run_file(path: Path) -> list[Result]:
    file = cases.read(path.read_bytes(), file=path.name)
    models = {found.name: found.read_bytes() for found in sorted(path.parent.glob("*.dmn"))}
    name = file.model if file.model in models else path.name.partition("-test-")[0] + ".dmn"
    if name not in models:
        reason = f"the model {file.model} is not beside {path.name}"
        return [_result(path, case, reason) for case in file.cases]
    try:
        model = dmn.read(models.pop(name), file=name, imports=models)
    except errors.CrmflowError as error:
        return [_result(path, case, error.text["en"]) for case in file.cases]
    return [_result(path, case, _run_case(model, case)) for case in file.cases]


def _result(path: Path, case: Case, why: str) -> Result:
    return Result(
        folder=path.parent.name, file=path.name, case=case.id, passed=not why, all_nil=case.all_nil, reason=why
    )


def _run_case(model: dmn.DecisionModel, case: Case) -> str:
    """Why the case fails; empty where it passes."""
    inputs = {_qualified(node): value_of(node.value) for node in case.inputs}
    for node in case.results:
        try:
            outcome = dmn.evaluate(model, case.invocable or _qualified(node), inputs, now=NOW)
        except errors.CrmflowError as error:
            if node.must_fail:
                continue  # the kit asks for an error, and here it is
            return f"{node.name}: {error.text['en']}"
        why = _difference(outcome, node, case)
        if why:
            return f"{node.name}: {why}"
    return ""


def _qualified(node: Node) -> str:
    return f"{node.namespace}#{node.name}" if node.namespace else node.name


def _difference(outcome: dmn.Outcome, node: Node, case: Case) -> str:
    actual = outcome.value
    if case.invocable and isinstance(actual, Mapping) and node.name in actual:
        actual = actual[node.name]
    expected = value_of(node.value)
    if same(expected, actual):
        return ""
    noted = "; ".join(warning.text["en"] for warning in outcome.warnings[:3])
    return f"expected {feel.to_text(expected)}, got {feel.to_text(actual)}" + (f" ({noted})" if noted else "")


def value_of(written: Written) -> Any:
    """The FEEL value of what a test file says."""
    if isinstance(written, Scalar):
        return _scalar(written)
    if isinstance(written, list):
        return [value_of(item) for item in written]
    if isinstance(written, dict):
        return {name: value_of(part) for name, part in written.items()}
    return None


def _scalar(scalar: Scalar) -> Any:
    if not scalar.kind:
        return _untyped(scalar.text)
    if scalar.kind in _MAKERS:
        return _MAKERS[scalar.kind].evaluate({"text": scalar.text.strip()})
    if scalar.kind == "boolean":
        return scalar.text.strip() in ("true", "1")
    if scalar.kind in ("decimal", "double", "integer", "int", "long", "float"):
        return feel.from_python(Decimal(scalar.text.strip()))
    return scalar.text


def _untyped(text: str) -> Any:
    """What a value without a type looks like."""
    plain = text.strip()
    if not plain:
        return None
    if plain in ("true", "false"):
        return plain == "true"
    if _NUMBER.fullmatch(plain):
        return feel.from_python(Decimal(plain))
    moment = feel.compile_expression("@" + json.dumps(plain)).evaluate({}) if plain[:1].isdigit() else None
    return text if moment is None else moment


def same(expected: Any, actual: Any) -> bool:
    """Whether the kit's rules count ``actual`` as ``expected``."""
    if expected is None or actual is None:
        return expected is actual
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    if isinstance(expected, int | Decimal):
        return isinstance(actual, int | Decimal) and _close(expected, actual)
    if isinstance(expected, list):
        return (
            isinstance(actual, list)
            and len(expected) == len(actual)
            and all(same(a, b) for a, b in zip(expected, actual, strict=True))
        )
    if isinstance(expected, dict):
        return (
            isinstance(actual, Mapping)
            and set(expected) == set(actual)
            and all(same(value, actual[name]) for name, value in expected.items())
        )
    if isinstance(expected, str):
        return isinstance(actual, str) and expected == actual
    return _SAME_MOMENT.evaluate({"a": expected, "b": actual}) is True


def _close(expected: int | Decimal, actual: int | Decimal) -> bool:
    difference = abs(Decimal(expected) - Decimal(actual))
    return difference <= TOLERANCE * max(Decimal(1), abs(Decimal(expected)))


def report(results: Sequence[Result]) -> Report:
    folders: dict[str, list[Result]] = {}
    for result in results:
        folders.setdefault(result.folder, []).append(result)
    shares = {folder: share(found) for folder, found in folders.items()}
    return Report(
        all=share(results),
        non_nil=share(result for result in results if not result.all_nil),
        folders=shares,
        mean=fmean(part.rate for part in shares.values()) if shares else 0.0,
        open=tuple(result for result in results if not result.passed),
    )


def share(results: Iterable[Result]) -> Share:
    found = list(results)
    return Share(sum(result.passed for result in found), len(found))
