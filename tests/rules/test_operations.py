"""docs/operations.md says what can be set and what is measured, all of it and nothing else."""

import re

from engine.settings import Settings
from engine.watch import metrics
from tests.rules import source

TEXT = (source.ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `([A-Z_]+)` \|(.*?)\|", re.MULTILINE)


def test_every_setting_is_told_with_its_default_and_no_other() -> None:
    fields = Settings.model_fields
    told = {name.lower(): cell.strip("` ") for name, cell in ROW.findall(TEXT)}
    assert sorted(told) == sorted(fields)
    for name, cell in told.items():
        if cell != "made once":
            assert cell.lower() == _written(fields[name].default), name


def _written(default: object) -> str:
    return f"{default:g}" if isinstance(default, float) else str(default).lower()


def test_an_example_sets_only_what_there_is() -> None:
    assert {name.lower() for name in re.findall(r"CRMFLOW_([A-Z_]+)[=`]", TEXT)} <= set(Settings.model_fields)


def test_an_alert_asks_only_for_what_is_measured() -> None:
    there = {*metrics.GAUGES, "crmflow_lag_seconds", "crmflow_late"}
    assert set(re.findall(r"\bcrmflow_[a-z_]+\b", TEXT)) <= there
