"""axe-core, fetched by npm once into a cache folder: what it finds serious or critical on a page."""

import json
import os
import subprocess
from functools import cache
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.support.ui import WebDriverWait

PATIENCE_SECONDS = 45
_RESTS = (
    "return !document.querySelector('[aria-busy=\"true\"]') && "
    "document.getAnimations().every(one => one.effect.getComputedTiming().endTime === Infinity)"
)
VERSION = "4.10.3"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "crmflow-tests" / f"axe-{VERSION}"


@cache
def script() -> str:
    """Raises CalledProcessError with npm's words when it cannot be fetched."""
    file = CACHE / "node_modules" / "axe-core" / "axe.min.js"
    if not file.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        words = ["npm", "install", "--no-fund", "--no-audit", "--prefix", str(CACHE), f"axe-core@{VERSION}"]
        subprocess.run(words, check=True, capture_output=True, timeout=120)
    return file.read_text(encoding="utf-8")


def breaches(driver: webdriver.Chrome, *rules: str) -> list[str]:
    """``rule: element``, of all rules or of those named; the drawing's inside is bpmn-js's own.

    Looked at when nothing fades any more and nothing is busy: what cannot be pressed for a moment may be pale.
    """
    WebDriverWait(driver, PATIENCE_SECONDS).until(lambda one: one.execute_script(_RESTS))
    if not driver.execute_script("return window.axe !== undefined"):
        driver.execute_cdp_cmd("Runtime.evaluate", {"expression": script()})
    found = driver.execute_async_script(
        "const [rules, done] = arguments;"
        "const only = rules.length ? {runOnly: {type: 'rule', values: rules}} : {};"
        "axe.run({exclude: [['.djs-container'], ['.bjs-powered-by']]}, {resultTypes: ['violations'], ...only})"
        ".then(found => done(JSON.stringify(found.violations)),"
        " broken => done(JSON.stringify([{id: String(broken), impact: 'critical', nodes: []}])));",
        list(rules),
    )
    return [
        f"{rule['id']}: {node['target']} {node.get('failureSummary', '')[:160]}"
        for rule in json.loads(found)
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"] or [{"target": ""}]
    ]
