"""Which language a text of the file is written in, and what it says.

The language is what the element declares, else what the dialect's engine would assume, else what the text looks like.
"""

import html
import json
import re
from typing import cast, get_args

from engine.bpmn.tag import Tag
from engine.model.expression import Expression, Language

_DECLARED: tuple[tuple[str, Language], ...] = (
    ("feel", "feel"),
    ("juel", "juel"),
    ("unified-el", "juel"),
    ("javascript", "javascript"),
    ("ecmascript", "javascript"),
    ("groovy", "groovy"),
    ("python", "python"),
    ("mvel", "mvel"),
    ("java.com/java", "mvel"),
    ("jsr223", "mvel"),
)
_KEYWORDS = frozenset(
    {
        *("and", "or", "not", "in", "for", "if", "then", "else", "return", "some", "every", "satisfies"),
        *("between", "instance", "of", "true", "false", "null", "function"),
    }
)
MAX_TIMER = 200
_LANGUAGES = frozenset(get_args(Language))
_PYTHON = re.compile(
    r"==|\bTrue\b|\bFalse\b|\bNone\b|'|\blen\(|\.get\(|\bnot\s+[a-z_]\w*\b|\w\[[\"'\w]|\belif\b|%|\bany\(\["
)
_XPATH = re.compile(
    r"""(?:\w+:)?get(?:DataObject|DataInput|DataOutput|ProcessProperty|ActivityProperty|EventProperty)"""
    r"""\(\s*(['"])([^'"]+)\1\s*(?:,[^()]*)?\)"""
)
_BOXED = re.compile(r"<(?:\w+:)?text[^>]*>(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?</(?:\w+:)?text>", re.DOTALL)
_ISO = re.compile(
    r"""\s*["']?(?:
        R\d*/\S+
        | -?P(?:\d|T)[0-9.,YMWDTHS]*(?:/\S+)?
        | \d{4}-\d\d(?:-\d\d)?(?:[T\ ][0-9:.,]+(?:Z|[+-]\d\d:?\d\d)?)?(?:\[[^\]]*\])?
    )["']?\s*$""",
    re.VERBOSE,
)
_CRON = re.compile(r"\s*(?:@\w+|(?:[\d*?/,\-#LWA-Za-z]+\s+){4,6}[\d*?/,\-#LWA-Za-z]+)\s*$")


def declared(uri: str) -> Language | None:
    """The language a ``language`` or ``expressionLanguage`` attribute names, when it names one we know."""
    if uri in _LANGUAGES:
        return cast(Language, uri)
    low = uri.lower()
    return next((language for part, language in _DECLARED if part in low), None)


def juel(text: str, line: int = 0) -> Expression:
    """An attribute of Camunda 7, Flowable or Activiti: a template when it has ``${`` or ``#{``, else itself."""
    return Expression(text=text, language="juel" if has_juel(text) else "literal", line=line)


def has_juel(text: str) -> bool:
    return "${" in text or "#{" in text


def zeebe(text: str, line: int = 0) -> Expression:
    """An attribute of Camunda 8: FEEL after a leading ``=``, else itself."""
    return Expression(text=text, language="camunda8" if text.lstrip().startswith("=") else "literal", line=line)


def literal(text: str, line: int = 0) -> Expression:
    return Expression(text=text, language="literal", line=line)


def variable(name: str, line: int = 0) -> Expression:
    """The value of a variable. A name that FEEL would take for something else stands in backticks."""
    plain = name.isidentifier() and name not in _KEYWORDS
    return Expression(text=name if plain else f"`{name.replace('`', '')}`", language="feel", line=line)


def looks(text: str) -> Language:
    """The language that an undeclared expression is most probably written in."""
    if has_juel(text):
        return "juel"
    if text.lstrip().startswith("="):
        return "camunda8"
    return "python" if _PYTHON.search(text) else "feel"


def spoken(tag: Tag, default: Language | None = None) -> Expression | None:
    """The text of a (formal) expression element; None when there is no text."""
    text = boxed(tag.text.strip())
    uri = tag.get("language")
    tag.read.update(("evaluatesToTypeRef", "{http://www.w3.org/2001/XMLSchema-instance}type", "id"))
    if not text:
        return None
    if uri in _LANGUAGES:
        return Expression(text=text, language=cast(Language, uri), line=tag.line)
    if has_juel(text):
        return Expression(text=text, language="juel", line=tag.line)
    if _XPATH.search(text):
        return Expression(text=xpath(text), line=tag.line)
    if text.startswith("=") and not text.startswith("=="):
        return Expression(text=text, language="camunda8", line=tag.line)
    language = declared(uri) or default or looks(text)
    return Expression(text=text, language=language, line=tag.line)


def boxed(text: str) -> str:
    """DMN modellers put a whole ``literalExpression`` into a BPMN expression: the words inside it count."""
    if not text.startswith("<") or "literalExpression" not in text[:200]:
        return text
    found = _BOXED.search(text)
    return html.unescape(found[1].strip()) if found is not None else text


def xpath(text: str) -> str:
    """The XPath functions of BPMN 2.0 (table 10.60) as FEEL: comparisons, ``and``, ``or`` and ``not`` read alike."""
    texts = re.sub(r"'([^']*)'", lambda found: json.dumps(found[1], ensure_ascii=False), _XPATH.sub(_named, text))
    return texts.strip()


def _named(found: re.Match[str]) -> str:
    return variable(found[2]).text


def moment(tag: Tag, default: Language | None = None) -> Expression | None:
    """A timer's text. ISO 8601 and cron are literals, with or without the quotes that Spiff models put around them."""
    text = tag.text.strip()
    if tag.attributes.get("language", "") in _LANGUAGES:
        return spoken(tag)
    if len(text) < MAX_TIMER and (_ISO.match(text) or _CRON.match(text)):
        tag.read.update(("language", "evaluatesToTypeRef", "{http://www.w3.org/2001/XMLSchema-instance}type", "id"))
        return literal(text.strip("\"'"), tag.line)
    counted = units(text) if len(text) < MAX_TIMER else ""
    if counted:
        tag.read.update(("language", "evaluatesToTypeRef", "{http://www.w3.org/2001/XMLSchema-instance}type", "id"))
        return literal(counted, tag.line)
    return spoken(tag, default)


def units(text: str) -> str:
    """``500ms``, ``2h``, and jBPM's ``delay###period``, as ISO 8601; empty when it is anything else."""
    delay, repeated, period = text.rpartition("###")
    if not all(_UNITS.fullmatch(part.strip()) for part in ((delay, period) if repeated else (period,))):
        return ""
    number, unit = _UNITS.fullmatch(period.strip()).groups()  # type: ignore[union-attr]
    if unit in ("", "ms"):
        if not repeated and unit == "":
            return ""  # a bare number may be an expression
        duration = f"PT{int(number) / 1000:g}S"
    else:
        duration = f"P{number}D" if unit == "d" else f"PT{number}{unit.upper()}"
    return f"R/{duration}" if repeated else duration


_UNITS = re.compile(r"(\d{1,12})(ms|s|m|h|d|)")
"""Milliseconds where no unit stands."""
