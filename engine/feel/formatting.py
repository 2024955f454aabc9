"""Values as text: what ``string()`` gives and what people see."""

from decimal import Decimal

from engine.feel import numbers
from engine.feel.run import Run
from engine.feel.values import Function, Range, Value


def to_text(value: Value, run: Run | None = None) -> str:
    """A text as it is, everything else as FEEL writes it; texts within lists and contexts are quoted."""
    return value if isinstance(value, str) else _nested(value, run)


def _nested(value: Value, run: Run | None) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, int | Decimal):
        return numbers.to_text(value)
    if isinstance(value, list):
        return _joined("[", [_nested(item, run) for item in _counted(value, run)], "]", run)
    if isinstance(value, dict):
        _counted(value, run)
        return _joined("{", [f"{_key(key)}: {_nested(item, run)}" for key, item in value.items()], "}", run)
    if isinstance(value, Range):
        return _range(value, run)
    if isinstance(value, Function):
        return f"function {value.name}".rstrip()
    return str(value)


def _counted(value: Value, run: Run | None) -> Value:
    if run is not None:
        run.spend(1 + len(value))
    return value


def _joined(opening: str, parts: list[str], closing: str, run: Run | None) -> str:
    if run is not None:
        run.spend_size(sum(map(len, parts)))
    return opening + ", ".join(parts) + closing


def quoted(text: str) -> str:
    for plain, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        text = text.replace(plain, escaped)
    return f'"{text}"'


def _key(key: str) -> str:
    return key if key.isidentifier() else quoted(key)


def _range(value: Range, run: Run | None) -> str:
    low, high = _nested(value.low, run), _nested(value.high, run)
    if value.form:
        return f"({value.form} {low if value.form in ('=', '!=', '>', '>=') else high})"
    return f"{'[' if value.low_included else '('}{low}..{high}{']' if value.high_included else ')'}"
