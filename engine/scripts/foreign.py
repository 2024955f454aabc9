"""Simple scripts in JavaScript, Groovy, Java, MVEL and JUEL, statement by statement, where their meaning is certain.

What real models' scripts mostly do: print something (nothing happens), keep a value under a name, set a process
variable, end with an expression. Every expression goes through FEEL's dialects. A statement of any other kind refuses
the whole script by name before anything of it has run; such a script has to be rewritten in Python.
"""

import re
from collections import ChainMap
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from engine import errors

LANGUAGES = frozenset({"javascript", "groovy", "mvel", "java", "juel"})
LONGEST = 64 * 1024
Evaluate = Callable[[str, str, Mapping[str, Any]], Any]
"""(text, language, variables) to a value; raises errors.Invalid."""

_PRINT = re.compile(
    r"(?:System\.(?:out|err)\.|out:|console\.|log(?:ger)?\.)?(?:print(?:ln|f)?|log|info|debug|warn|error)\b"
)
_SET = re.compile(r"""(\w+)\.setVariable(?:Local)?\(\s*(["'])([\w.-]{1,80})\2\s*,(.+)\)""", re.DOTALL)
_KEEP = re.compile(
    r"(?:(?:var|let|const|def|final)\s+)?(?:[A-Za-z_][\w.<>]*\s+)?([A-Za-z_]\w{0,80})\s*=(?!=)(.+)", re.DOTALL
)
_INSTANCE = re.compile(r"(?:execution|kcontext)(?:\.get(?:ProcessInstance|ParentExecution|SuperExecution)\(\))?")
_OTHER = re.compile(r"(?:if|for|while|do|switch|try|throw|function|class|import|new|synchronized)\b|.*\{", re.DOTALL)
_TYPED = re.compile(r"\.getVariableTyped\(([^()]*)\)(?:\.getValue(?:Serialized)?\(\))?")


class _Statement(NamedTuple):
    line: int
    text: str


def run(language: str, text: str, variables: Mapping[str, Any], evaluate: Evaluate) -> tuple[Any, dict[str, Any]]:
    """The last expression's value, and the process variables that were set.

    Raises Invalid ``script_language`` for a script that cannot be translated, and what ``evaluate`` raises.
    """
    if len(text) > LONGEST:
        raise _refused(language, _Statement(1, text), "too long")
    if language == "juel":
        return _juel(text, variables, evaluate), {}
    statements = [statement for statement in _split(text) if not _PRINT.match(statement.text)]
    for statement in statements:
        if _OTHER.fullmatch(statement.text) or _OTHER.match(statement.text):
            raise _refused(language, statement, statement.text)
    return _carry_out(language, statements, variables, evaluate)


def _carry_out(
    language: str, statements: list[_Statement], variables: Mapping[str, Any], evaluate: Evaluate
) -> tuple[Any, dict[str, Any]]:
    changed: dict[str, Any] = {}
    kept: dict[str, Any] = {}
    instances = {"execution", "kcontext"}
    value: Any = None
    dialect = {"java": "mvel"}.get(language, language)
    for statement in statements:
        body = re.sub(r"^return\b\s*", "", statement.text)
        if (found := _SET.fullmatch(body)) and found[1] in instances:
            value = changed[found[3]] = evaluate(
                _plain(found[4], instances), dialect, ChainMap(kept, changed, {**variables})
            )
        elif found := _KEEP.fullmatch(body):
            if _INSTANCE.fullmatch(found[2].strip()):
                instances.add(found[1])
                continue
            value = kept[found[1]] = evaluate(
                _plain(found[2], instances), dialect, ChainMap(kept, changed, {**variables})
            )
        else:
            value = evaluate(_plain(body, instances), dialect, ChainMap(kept, changed, {**variables}))
    return value, changed


def _juel(text: str, variables: Mapping[str, Any], evaluate: Evaluate) -> Any:
    bare = text.strip()
    if re.fullmatch(r"-?\d{1,15}", bare):
        return int(bare)
    return evaluate(bare, "juel", variables)


def _plain(text: str, instances: set[str]) -> str:
    """An expression that speaks of the instance by the name that FEEL's dialects know."""
    for name in instances - {"execution", "kcontext"}:
        text = re.sub(rf"\b{name}\.", "execution.", text)
    return _TYPED.sub(r".getVariable(\1)", text).strip()


def _split(text: str) -> list[_Statement]:
    """Statements end at a semicolon, or at the end of a line outside brackets; comments are dropped."""
    text = re.sub(r"^\s*<!\[CDATA\[|\]\]>\s*$", "", text)
    found: list[_Statement] = []
    current, line, began, depth, at = "", 1, 1, 0, 0
    while at < len(text):
        sign = text[at]
        if sign in "\"'":
            end = _string_end(text, at)
            current, at = current + text[at:end], end
            continue
        if text.startswith("//", at):
            end = text.find("\n", at)
            at = len(text) if end < 0 else end
            continue
        if text.startswith("/*", at):
            end = text.find("*/", at)
            line += text.count("\n", at, end)
            at = len(text) if end < 0 else end + 2
            continue
        depth += (sign in "([") - (sign in ")]")
        if sign == ";" or (sign == "\n" and depth <= 0):
            if current.strip():
                found.append(_Statement(began, current.strip()))
            current = ""
        elif current.strip() or not sign.isspace():
            began = began if current.strip() else line
            current += sign
        line += sign == "\n"
        at += 1
    return [*found, _Statement(began, current.strip())] if current.strip() else found


def _string_end(text: str, start: int) -> int:
    at = start + 1
    while at < len(text) and text[at] != text[start]:
        at += 2 if text[at] == "\\" else 1
    return min(at + 1, len(text))


def _refused(language: str, statement: _Statement, what: str) -> errors.Invalid:
    words = " ".join(what.split())[:80]
    return errors.Invalid(
        "script_language",
        zh=f"{language} 脚本第 {statement.line} 行“{words}”无法在此运行，请改写为 Python",
        en=f"line {statement.line} of the {language} script, {words!r}, does not run here: rewrite it in Python",
        language=language,
        line=statement.line,
    )
