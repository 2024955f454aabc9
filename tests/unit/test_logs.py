"""Logs are JSON lines that tell what failed and never what the variables held."""

import json
import subprocess
import sys

PROGRAM = """
import structlog
from engine import logs
logs.configure()
log = structlog.get_logger("crmflow.test")
log.info("started", instance="客户-1")
secret = "hunter2"
try:
    raise ValueError("broken")
except ValueError:
    log.exception("failed")
"""


def test_each_line_is_json_with_moment_and_level_and_no_values_of_variables() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=True)
    started, failed = (json.loads(line) for line in done.stderr.splitlines())
    assert (started["event"], started["level"], started["instance"]) == ("started", "info", "客户-1")
    assert started["timestamp"].endswith("Z")
    assert failed["exception"][0]["exc_type"] == "ValueError"
    assert "hunter2" not in done.stderr
