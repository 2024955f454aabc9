"""The guide to another CRM says what is: its example keeps the contract, its table names every port."""

import re
from pathlib import Path
from typing import Any

import pytest

from engine import ports
from engine.elsewhere import adapters, plugs
from tests.shared import ROOT

GUIDE = (ROOT / "docs/another-crm.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)


def test_the_adapter_of_the_guide_keeps_the_contract(tmp_path: Path) -> None:
    adapter, check = EXAMPLES
    known: dict[str, Any] = {}
    exec(compile(adapter, "docs/another-crm.md", "exec"), known)
    exec(compile(check, "docs/another-crm.md", "exec"), known)
    known["test_the_contract"](tmp_path)
    assert sorted(tmp_path.glob("files-*/*.json")), "it did write files"


def told() -> dict[str, str]:
    """Port -> what the table says of it."""
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| [^|]+ \|$", GUIDE, re.MULTILINE)
    return {name.strip("` "): kept for name, kept in rows if name not in ("port", "---")}


def test_the_table_says_of_each_port_what_is_so() -> None:
    said = {name: kept for name, kept in told().items() if kept.startswith(("REST", "adapter"))}
    assert set(said) == plugs.PORTS
    assert {name for name, kept in said.items() if kept.startswith("REST")} == set(adapters.REST)


@pytest.mark.parametrize("port", sorted(plugs.PORTS))
def test_a_port_that_may_be_kept_elsewhere_is_one_of_the_transaction(port: str) -> None:
    assert isinstance(vars(ports.Transaction)[port], property)
