"""axe-core, fetched by npm once into a cache folder: what it finds serious or critical on a page."""

import json
import os
import subprocess
from pathlib import Path

from selenium import webdriver

VERSION = "4.10.3"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "crmflow-tests" / f"axe-{VERSION}"


def script() -> str:
    """Raises CalledProcessError with npm's words when it cannot be fetched."""
    file = CACHE / "node_modules" / "axe-core" / "axe.min.js"
    if not file.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        words = ["npm", "install", "--no-fund", "--no-audit", "--prefix", str(CACHE), f"axe-core@{VERSION}"]
        subprocess.run(words, check=True, capture_output=True, timeout=120)
    return file.read_text(encoding="utf-8")


def breaches(driver: webdriver.Chrome) -> list[str]:
    """``rule: element``; the drawing's inside is bpmn-js's own."""
    driver.execute_cdp_cmd("Runtime.evaluate", {"expression": script()})
    found = driver.execute_async_script(
        "const done = arguments[arguments.length - 1];"
        "axe.run({exclude: [['.djs-container'], ['.bjs-powered-by']]}, {resultTypes: ['violations']})"
        ".then(found => done(JSON.stringify(found.violations)),"
        " broken => done(JSON.stringify([{id: String(broken), impact: 'critical', nodes: []}])));"
    )
    return [
        f"{rule['id']}: {node['target']} {node.get('failureSummary', '')[:160]}"
        for rule in json.loads(found)
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"] or [{"target": ""}]
    ]
