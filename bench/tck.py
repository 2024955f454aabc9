"""Runs the DMN TCK: ``python -m bench.tck [DIR] [--json] [--write]``.

Prints the share of all cases, of those that an engine without answers would fail (non-nil), the mean over folders, a
table by folder and the open cases with their reasons. ``--write`` puts the figures into docs/conformance.md.
"""

import argparse
import time
from pathlib import Path

import msgspec

from engine.dmn import tck

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "../shared/data/dmn-tck"
DOCUMENT = ROOT / "docs/conformance.md"
BEGIN, END = "<!-- dmn: begin -->", "<!-- dmn: end -->"
LEVELS = ("compliance-level-2", "compliance-level-3", "non-compliant")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", nargs="?", type=Path, default=SAMPLE)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", action="store_true", help="write the DMN section of docs/conformance.md")
    arguments = parser.parse_args()
    began = time.perf_counter()
    reports = {name: tck.report(tck.run(folder)) for name, folder in _levels(arguments.directory)}
    seconds = time.perf_counter() - began
    if arguments.json:
        print(msgspec.json.format(msgspec.json.encode({"seconds": seconds, "levels": reports})).decode())
    else:
        print("\n".join(_summary(reports)))
        print(f"\n{seconds:.2f} s")
        for name, report in reports.items():
            print(f"\n{name}")
            print("\n".join(f"  {part.passed:5} / {part.total:5}  {folder}" for folder, part in report.folders.items()))
        print("\n".join(_open(reports)))
    if arguments.write:
        _write(_section(reports))


def _levels(directory: Path) -> list[tuple[str, Path]]:
    known = [(name, directory / name) for name in LEVELS if (directory / name).is_dir()]
    return known or [(directory.name, directory)]


def _summary(reports: dict[str, tck.Report]) -> list[str]:
    lines = [
        "| suite | cases | passed | non-nil | passed | mean over folders |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for name, report in reports.items():
        every, firm = report.all, report.non_nil
        lines.append(
            f"| {name} | {every.total} | {every.passed} ({every.rate:.2%}) | {firm.total} | {firm.passed} "
            f"({firm.rate:.2%}) | {report.mean:.2%} |"
        )
    return lines


def _open(reports: dict[str, tck.Report]) -> list[str]:
    return [
        f"* {result.folder} `{result.case}`: {' '.join(result.reason.split())[:300]}"
        for report in reports.values()
        for result in report.open
    ]


def _section(reports: dict[str, tck.Report]) -> str:
    return "\n".join(
        [
            "## DMN Technology Compatibility Kit",
            "",
            "Measured by `python -m bench.tck --write`. Non-nil: the cases that an engine which answers null to "
            "everything would fail. The non-compliant folders are not counted by the standard.",
            "",
            *_summary(reports),
            "",
            "Open cases:",
            "",
            *(_open(reports) or ["none"]),
        ]
    )


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


if __name__ == "__main__":
    main()
