"""Where the data lies that others made: BPMN, DMN and customers, beside the checkout."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("CRMFLOW_SHARED", ROOT.parent / "shared"))


def data(*parts: str) -> Path:
    """A file or folder of the shared test data; fails, never skips, when it is absent."""
    path = SHARED.joinpath("data", *parts)
    assert path.exists(), f"expected the shared test data at {path}; set CRMFLOW_SHARED to where it lies"
    return path
