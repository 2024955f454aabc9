"""Every workload runs on both databases; here in its smallest size, for its figures say little."""

import json
from collections.abc import Iterator

import pytest

from bench import workloads, world


def measured(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    workloads.main([*words, "--json", "--size", "0.0005"])
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


ON_POSTGRESQL = ("W1", "W5", "W6", "W8")
"""The others differ by the engine's own work alone."""
BOTH = [*((name, "sqlite") for name in workloads.WORKLOADS), *((name, "postgresql") for name in ON_POSTGRESQL)]


@pytest.fixture(scope="module", autouse=True)
def one_server() -> Iterator[None]:
    """Of PostgreSQL for all of them."""
    with world.one_server():
        yield


@pytest.mark.parametrize(("name", "store"), BOTH)
def test_a_workload_ends_and_has_figures_above_nothing(
    name: str, store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = measured(capsys, name, "--store", store)[store]
    assert isinstance(found, dict)
    assert set(found) == {"limit", "naive", name}
    figures = list(flat(found[name]))
    assert figures
    assert all(value >= 0 for value in figures)
    assert found["limit"]["per_second"] > 0 < found["naive"]["per_second"]
    if "step" in found[name]:
        assert set(found[name]["ratios"]) == {"share_of_limit", "times_naive_speed", "naive_cpu_over_ours"}
    else:
        assert name != "W1", "steps are also ratios of the limit and of the naive loop"


def flat(found: object) -> list[float]:
    if isinstance(found, dict):
        return [number for value in found.values() for number in flat(value)]
    assert isinstance(found, int | float)
    return [found]


def test_without_json_there_is_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    workloads.main(["W2", "--store", "sqlite", "--size", "0.0005"])
    printed = capsys.readouterr().out
    assert "W2 age" in printed
    assert "oldest_over_youngest" in printed


def test_a_workload_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        workloads.main(["W9"])
    assert "W9" in capsys.readouterr().err
