"""Trees written as FEEL mean the same when they are read again; and every warning has its words."""

import re
from pathlib import Path

from engine import feel
from engine.feel import messages, parser
from engine.feel.dialects import writing
from tests import shared
from tests.unit.feel import kit
from tests.unit.feel.evaluating import NOW

ROOM = Path(feel.__file__).parent


def outcome(text: str) -> str:
    return feel.to_text(
        feel.compile_expression(text, names=("values in a list", "days in weekend")).evaluate({}, now=NOW)
    )


def test_every_expression_of_the_kit_is_written_as_one_of_the_same_value() -> None:
    differing, written = [], 0
    for case in kit.cases(shared.data("dmn-tck")):
        try:
            tree = parser.parse_expression(case.text, ("values in a list", "days in weekend"))
        except feel.FeelSyntaxError:
            continue
        text = writing.write(tree)
        written += 1
        if outcome(text) != outcome(case.text):
            differing.append((case.text.strip(), text))
    assert written > 2000
    assert differing == []


def test_every_warning_that_is_given_has_words_in_both_languages() -> None:
    source = "\n".join(file.read_text("utf-8") for file in ROOM.rglob("*.py"))
    given = set(re.findall(r"(?:run\.warn|_warning|Warning)\(\s*\"(\w+)\"", source))
    assert len(given) > 20
    for code in given:
        details = dict.fromkeys(
            ["name", "kind", "left", "right", "operator", "operation", "index", "low", "high", "text", "given"], "x"
        )
        details |= dict.fromkeys(("parameter", "wanted", "reason", "pattern"), "x")
        words = messages.text(code, details)
        assert words["zh-CN"] and words["en"]
        assert "{" not in words["en"].replace("${...}", "")
