"""How much of other people's BPMN is read, checked and played: ``python -m bench.conformance_bpmn``.

Writes its section of docs/conformance.md, between its own markers. A file is played as ``crmflow play`` does
(engine/simulation/explore.py): jobs and work items are answered, messages and signals delivered, timers fired, and data
handed in until an instance ends. What a file calls but does not hold (another process, a decision, a Java bean) is
answered too, and the table says so.
"""

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from engine.bpmn import survey
from engine.evaluation import HouseEvaluator
from engine.model.problem import errors
from engine.play.shelf import Shelf
from engine.simulation.explore import explore
from engine.simulation.play import Playback

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data" / "bpmn"
PAGE = ROOT / "docs" / "conformance.md"
BEGIN, END = "<!-- bpmn: begin -->", "<!-- bpmn: end -->"
FOLDERS = ("real-life", "behaviours", "miwg-reference", "modeller-exports")


class Row(msgspec.Struct):
    folder: str
    files: int = 0
    read: int = 0
    clean: int = 0
    """Without an error once the offered mends are done."""
    milliseconds: float = 0
    played: int = 0
    playable: int = 0
    """Files with at least one process that has elements and is not marked as not executable."""
    answered: Counter[str] = Counter()
    failures: dict[str, str] = {}


def measure(folder: Path, evaluator: HouseEvaluator, *, mended: bool) -> Row:
    row = Row(folder.name, answered=Counter(), failures={})
    times = []
    for path in sorted(folder.glob("*.bpmn")):
        data = path.read_bytes()
        row.files += 1
        began = time.process_time()
        reading, problems = survey.survey(data, file=path.name)
        times.append(time.process_time() - began)
        row.read += bool(reading.programs or reading.participants)
        better, _ = survey.mended(data, file=path.name)
        reading, problems = survey.survey(better, file=path.name)
        row.clean += not errors(problems)
        played = [
            explore(program, evaluator=evaluator, library=Shelf(reading.programs))
            for program in reading.programs
            if program.nodes and (program.executable or mended)
        ]
        if played:
            row.playable += 1
            row.played += all(one.ended for one in played)
            row.answered.update(code for one in played for code in _answered(one))
            row.failures.update(_failures(path, played))
    row.milliseconds = 1000 * sorted(times)[len(times) // 2]
    return row


def _answered(played: Playback) -> set[str]:
    return {problem.code for problem in played.problems if problem.severity == "warning"}


def _failures(path: Path, played: list[Playback]) -> dict[str, str]:
    reasons = ["; ".join(problem.text["en"] for problem in errors(one.problems)) for one in played if not one.ended]
    return {path.name: " ".join(reasons[0].split())[:300]} if reasons else {}


def broken_rules() -> Iterator[tuple[str, str, bool]]:
    """(file, rule, whether the rule is reported with a line) for the deliberately invalid files."""
    for source in json.loads((DATA / "SOURCES.json").read_text()):
        found = re.search(r"resources/(\w+)/", source["path"])
        if "/invalid/" in source["file"] and found:
            path = DATA / "invalid" / Path(source["file"]).name
            _, problems = survey.survey(path.read_bytes())
            numbers = re.compile(rf"EXT\.{found[1]}\b")
            yield path.name, found[1], any(numbers.search(p.text["en"]) and p.line for p in problems)


def page(rows: list[Row], rules: list[tuple[str, str, bool]]) -> str:
    lines = [
        "## BPMN of others",
        "",
        "Written by `python -m bench.conformance_bpmn` over the sample files of `../shared/data/bpmn`.",
        "",
        "| folder | files | read | no error left after the offered mends | played to the end | ms a file (median) |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        share = f"{row.played} of {row.playable} ({100 * row.played / max(row.playable, 1):.0f} %)"
        lines.append(f"| {row.folder} | {row.files} | {row.read} | {row.clean} | {share} | {row.milliseconds:.1f} |")
    answered: Counter[str] = sum((row.answered for row in rows), Counter())
    named = [(file, rule) for file, rule, told in rules if not told]
    lines += [
        "",
        f"Of {len(rules)} deliberately invalid files the violated rule is named, with its line, in "
        f"{len(rules) - len(named)} ({100 * (len(rules) - len(named)) / max(len(rules), 1):.0f} %).",
        "",
        "What the files call and do not hold was answered, with a warning each: "
        + ", ".join(f"`{name}` in {count} processes" for name, count in answered.most_common())
        + ".",
        "",
        "What does not play to its end, or is not named, and why:",
        "",
    ]
    lines += [f"* `{file}`: {reason}" for row in rows for file, reason in row.failures.items()]
    lines += [f"* `{file}`: rule {rule} not named" for file, rule in named]
    return "\n".join(lines) + "\n"


def write(section: str, target: Path = PAGE) -> None:
    """Put the section between its markers; the rest of the page belongs to others."""
    old = target.read_text() if target.exists() else "# Conformance\n"
    block = f"{BEGIN}\n{section}{END}\n"
    if BEGIN in old:
        old = re.sub(f"{re.escape(BEGIN)}.*?{re.escape(END)}\n?", lambda _: block, old, flags=re.DOTALL)
    else:
        old = f"{old.rstrip()}\n\n{block}"
    target.write_text(old)


def main(show: Callable[[str], None] = print) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dry", action="store_true", help="print the section instead of writing it")
    given = parser.parse_args()
    evaluator = HouseEvaluator()
    try:
        rows = [
            measure(DATA / folder, evaluator, mended=folder not in ("real-life", "behaviours")) for folder in FOLDERS
        ]
    finally:
        evaluator.close()
    section = page(rows, list(broken_rules()))
    show(section)
    if not given.dry:
        write(section)


if __name__ == "__main__":
    main()
