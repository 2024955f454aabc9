"""The short form of the long torment: the web server dies a few times under load, nothing is lost or doubled."""

import json

import pytest

from bench import faults


@pytest.mark.parametrize("store", ["sqlite", "postgresql"])
def test_a_web_server_killed_under_load_loses_and_doubles_nothing(
    store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert faults.main(["--minutes", "0.1", "--store", store, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["kills"] >= 1
    assert report["answered"] > 0
    assert (report["losses"], report["doubles"]) == (0, 0)
