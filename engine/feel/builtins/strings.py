"""Functions on texts. Positions count code points from 1."""

from engine.feel import numbers, patterns
from engine.feel.calling import native
from engine.feel.run import Run
from engine.feel.values import Value


def _substring(run: Run, text: str, start: Value, length: Value) -> Value:
    first = _whole(start)
    if first is None or first == 0 or abs(first) > len(text) or (length is not None and length < 1):
        run.warn("no_result", name="substring", reason=f"start position {start}, length {length}")
        return None
    begin = first - 1 if first > 0 else len(text) + first
    end = len(text) if length is None else begin + (_whole(length) or 0)
    return text[begin:end]


def _whole(number: Value) -> int | None:
    """The digits behind the point are cut off."""
    return None if number is None or abs(number) >= numbers.LIMIT else int(number)


def _before(run: Run, text: str, match: str) -> str:
    return text.partition(match)[0] if match and match in text else ""


def _after(run: Run, text: str, match: str) -> str:
    return text.partition(match)[2] if match else text


def _replace(run: Run, text: str, pattern: str, replacement: str, flags: str | None) -> Value:
    return patterns.replace(run, text, pattern, replacement, flags or "")


def _matches(run: Run, text: str, pattern: str, flags: str | None) -> Value:
    return patterns.matches(run, text, pattern, flags or "")


def _split(run: Run, text: str, delimiter: str) -> Value:
    return patterns.split(run, text, delimiter)


def _join(run: Run, parts: list[Value], delimiter: str | None, prefix: str | None, suffix: str | None) -> Value:
    """Nulls are passed over; an empty list gives prefix and suffix alone."""
    if not all(part is None or isinstance(part, str) for part in parts):
        run.warn("wrong_type", name="string join", parameter="list", wanted="list<string>", kind="list")
        return None
    texts = [part for part in parts if part is not None]
    run.spend_size(sum(map(len, texts)) + len(delimiter or "") * len(texts))
    return (prefix or "") + (delimiter or "").join(texts) + (suffix or "")


FUNCTIONS = (
    native("substring", ("string: string, start position: number, length: number?", _substring)),
    native("string length", ("string: string", lambda run, text: len(text))),
    native("upper case", ("string: string", lambda run, text: text.upper())),
    native("lower case", ("string: string", lambda run, text: text.lower())),
    native("substring before", ("string: string, match: string", _before)),
    native("substring after", ("string: string, match: string", _after)),
    native("contains", ("string: string, match: string", lambda run, text, match: match in text)),
    native("starts with", ("string: string, match: string", lambda run, text, match: text.startswith(match))),
    native("ends with", ("string: string, match: string", lambda run, text, match: text.endswith(match))),
    native("replace", ("input: string, pattern: string, replacement: string, flags: string | null?", _replace)),
    native("matches", ("input: string, pattern: string, flags: string | null?", _matches)),
    native("split", ("string: string, delimiter: string", _split)),
    native(
        "string join",
        ("list: list, delimiter: string | null?", lambda run, parts, delimiter: _join(run, parts, delimiter, "", "")),
        ("list: list, delimiter: string | null, prefix: string | null, suffix: string | null", _join),
    ),
)
