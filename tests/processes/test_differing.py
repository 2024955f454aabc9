"""What differs where, against what the catalogue asks for: each letter it names is there, or processes/README.md says
why not."""

import re
from dataclasses import dataclass

import pytest

from engine.variants.compose import fingerprint
from engine.variants.operations import kinds
from tests.processes import shipped
from tests.shared import SHARED

LETTERS = {"A": "activity", "L": "logic", "W": "way", "P": "performer"}


@dataclass(frozen=True)
class Asked:
    key: str
    group: str
    letters: str
    line: str


def asked() -> list[Asked]:
    text = (SHARED / "product" / "catalogue.md").read_text(encoding="utf-8")
    found = []
    for section in re.split(r"\n#### ", text)[1:]:
        key = section.split()[0]
        variants = section.partition("**Variants by customer group.**")[2]
        for groups, line in re.findall(r"- \*\*([A-Z/-]+)\*\* — (.*)", variants):
            letters = "".join(sorted(set(re.findall(r"\b([ALWP]):", line))))
            found += [Asked(key, group, letters, line) for group in groups.split("/")]
    return found


def explained() -> dict[tuple[str, str], str]:
    note = (shipped.PROCESSES / "README.md").read_text("utf-8")
    return {(key, group): why for key, group, why in re.findall(r"^\| (\S+) \| (\S+) \| (.+?) \|$", note, re.M)}


def has(key: str, group: str) -> str:
    own = shipped.variant(key, group)
    counted = fingerprint(kinds.read(own["operations"]) if own else [])
    return "".join(letter for letter, element in LETTERS.items() if getattr(counted, element))


ASKED = [one for one in asked() if one.key in shipped.KEYS]


def test_the_catalogue_is_read_whole() -> None:
    assert len({one.key for one in asked()}) == 42, "all but X-02, which serves the house itself"


@pytest.mark.parametrize("one", ASKED, ids=lambda one: f"{one.key}-{one.group}")
def test_what_the_catalogue_asks_of_a_group_differs_or_is_explained(one: Asked) -> None:
    lacking = set(one.letters) - set(has(one.key, one.group))
    silent = not one.letters and not one.line.startswith("base") and shipped.variant(one.key, one.group) is None
    if (one.key, one.group) in explained():
        assert lacking or silent, "what is explained differs no more: take the line out of processes/README.md"
    else:
        assert not lacking and not silent, one.line
