"""Every expression of real models: ``python -m bench.expressions [--json] [--write]``.

Reads the files under bpmn/real-life, bpmn/behaviours and dmn of the shared data, compiles each distinct expression in
its own language and counts what runs and what is refused, with the reason. ``--write`` puts the shares into
docs/conformance.md. Scripts and the names of handlers are no expressions and are not counted.
"""

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from engine import errors, feel

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "../shared/data"
DOCUMENT = ROOT / "docs/conformance.md"
BEGIN, END = "<!-- feel: begin -->", "<!-- feel: end -->"

CONDITIONS = frozenset({"conditionExpression", "completionCondition", "loopCondition", "condition"})
TIMERS = frozenset({"timeDuration", "timeDate", "timeCycle", "loopCardinality"})
MAPPINGS = frozenset({"inputParameter", "outputParameter", "expression", "from", "string", "formalExpression"})
HANDLERS = frozenset({"delegateExpression", "class", "topic", "type"})
_DELIMITED = re.compile(r"[$#]\{")
_PYTHON = re.compile(r"==|!=|\bnot\b|\bin\b|\[.*\bfor\b|\w\(")
_XPATH = re.compile(r"^/|^\w+:\w+\(|\bgetDataObject\(")


@dataclass(frozen=True, order=True)
class Found:
    role: str
    language: str
    text: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verdict:
    found: Found
    reason: str
    """Empty for one that runs."""
    explanation: str = ""


def in_bpmn(root: Any) -> Iterator[Found]:
    declared = root.get("expressionLanguage") or ""
    spiff = "spiff" in "".join(filter(None, root.nsmap.values())).lower()
    for element in root.iter(etree.Element):
        tag = etree.QName(element).localname
        text = (element.text or "").strip()
        if text and tag in CONDITIONS | TIMERS | MAPPINGS:
            language = _language(element.get("language") or declared, text, spiff)
            if tag in CONDITIONS or _DELIMITED.search(text) or language in ("python", "camunda8"):
                yield Found(_role(tag, element), language, text)
        for key, value in element.attrib.items():
            name = etree.QName(key).localname
            if name in HANDLERS:
                continue
            if _DELIMITED.search(value) or (value.startswith("=") and len(value) > 1):
                role = "service" if name == "expression" or tag == "property" else "mapping"
                yield Found(role, "camunda8" if value.startswith("=") else "juel", value)


def _role(tag: str, element: Any) -> str:
    """What a listener or service task calls is no condition and no mapping."""
    if tag in CONDITIONS:
        return "condition"
    return "service" if tag == "expression" and etree.QName(element.getparent()).localname == "field" else "mapping"


def _language(declared: str, text: str, spiff: bool) -> str:
    if _DELIMITED.search(text):
        return "juel"
    if text.startswith("="):
        return "camunda8"
    if declared.endswith(("/java", "/mvel")):
        return "mvel"
    if declared.lower() in ("javascript", "groovy"):
        return declared.lower()
    return "python" if spiff or _PYTHON.search(text) else "feel"


def in_dmn(root: Any) -> Iterator[Found]:
    names = tuple(sorted({str(element.get("name")) for element in root.iter(etree.Element) if element.get("name")}))
    for entry in root.iter("{*}inputEntry", "{*}outputEntry", "{*}inputExpression", "{*}literalExpression"):
        text = (entry.findtext("{*}text") or "").strip()
        if not text:
            continue
        role = "cell" if etree.QName(entry).localname == "inputEntry" else "decision"
        language = (
            (entry.get("expressionLanguage") or root.get("expressionLanguage") or "feel").rsplit("/", 1)[-1].lower()
        )
        if _DELIMITED.search(text):
            language = "juel"
        yield Found(role, language if language in feel.LANGUAGES else "feel", text, names)


def judge(found: Found) -> Verdict:
    try:
        if found.role == "cell" and found.language == "feel":
            feel.compile_unary_tests(found.text, names=found.names)
        elif found.language == "feel":
            feel.compile_expression(found.text, names=found.names)
        else:
            feel.compile_dialect(found.text, found.language)
    except errors.Invalid as refused:
        return Verdict(found, str(refused.ids.get("reason", "syntax")), refused.text["en"])
    return Verdict(found, "")


def collect(data: Path) -> dict[str, list[Found]]:
    """The distinct expressions by origin."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    origins: dict[str, list[Found]] = {}
    for folder, pattern, read in (
        ("bpmn/real-life", "*.bpmn*", in_bpmn),
        ("bpmn/behaviours", "*.bpmn*", in_bpmn),
        ("dmn", "*.dmn", in_dmn),
    ):
        distinct: set[Found] = set()
        for file in sorted((data / folder).glob(pattern)):
            distinct |= set(read(etree.parse(str(file), parser).getroot()))
        unique = {(found.role, found.language, found.text): found for found in sorted(distinct)}
        origins[folder] = list(unique.values())
    return origins


def _section(verdicts: dict[str, list[Verdict]]) -> str:
    lines = [
        "## Expressions of real models",
        "",
        "Measured by `python -m bench.expressions --write`: distinct expressions of the files, compiled each in its "
        "own language without any function registered by a host. Services are what listeners and service tasks call, "
        "and properties of simulators. Scripts and handlers' names are not counted.",
        "",
        "| files | what | expressions | run | share |",
        "|---|---|--:|--:|--:|",
    ]
    for folder, group in verdicts.items():
        for role in sorted({verdict.found.role for verdict in group}):
            lines.append(_row(folder, role, [one for one in group if one.found.role == role]))
    every = [verdict for group in verdicts.values() for verdict in group]
    lines.append(_row("all but services", "", [verdict for verdict in every if verdict.found.role != "service"]))
    lines += ["", "Refused, with the reason that the author sees:", ""]
    refused = [verdict for group in verdicts.values() for verdict in group if verdict.reason]
    for verdict in refused:
        shown = " ".join(verdict.found.text.split())[:60].replace("`", "'")
        lines.append(f"* `{shown}` ({verdict.found.role}, {verdict.reason}): {' '.join(verdict.explanation.split())}")
    return "\n".join(lines)


def _row(folder: str, language: str, verdicts: list[Verdict]) -> str:
    run = sum(1 for verdict in verdicts if not verdict.reason)
    return f"| {folder} | {language} | {len(verdicts)} | {run} | {run / max(len(verdicts), 1):.1%} |"


def _write(section: str) -> None:
    """Replaces what stands between the marks; the other sections belong to others."""
    text = DOCUMENT.read_text("utf-8") if DOCUMENT.exists() else "# Conformance\n"
    block = f"{BEGIN}\n{section}\n{END}"
    if BEGIN in text:
        head, _, rest = text.partition(BEGIN)
        text = head + block + rest.partition(END)[2]
    else:
        text = text.rstrip("\n") + f"\n\n{block}\n"
    DOCUMENT.write_text(text, "utf-8")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--json", action="store_true")
    arguments.add_argument("--write", action="store_true", help="write the expressions' section of docs/conformance.md")
    given = arguments.parse_args()
    verdicts = {folder: [judge(found) for found in group] for folder, group in collect(DATA).items()}
    if given.json:
        every = [verdict for group in verdicts.values() for verdict in group]
        print(
            json.dumps({"expressions": len(every), "reasons": Counter(verdict.reason or "runs" for verdict in every)})
        )
    else:
        print(_section(verdicts))
    if given.write:
        _write(_section(verdicts))


if __name__ == "__main__":
    main()
