"""Whatever a program sends, made by chance from the description and beside it: no 5xx, and no answer that the
description does not tell. Over HTTP, against a live server with cases, customers, variants and people in it.
"""

import json
import random
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode, checks

from engine import app
from engine.settings import Settings
from tests.web.api.conftest import FORM, QUOTE
from tests.web.camunda import live
from web.api.app import create_api

EXAMPLES = 3
"""Right and wrong ones for each operation, in every run the same; more of them find more."""
CHECKED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)
checks.load_all_checks()
CHECKS = [check for check in checks.CHECKS.get_all() if check.__name__ in CHECKED]
# What would shut this very test out, or calls others.
LEFT_OUT = {"PUT /v1/me/password", "DELETE /v1/people/{person}/tokens/{token_id}"}


class Filled:
    """A live server with things whose ids are known."""

    def __init__(self, server: live.Live) -> None:
        self.server = server
        self.url = f"{server.host}/api"
        self.headers = {"Authorization": f"Bearer {live.token(server)}"}
        self.schema = schemathesis.openapi.from_url(f"{self.url}/v1/openapi.json")
        self.known = self._fill()

    def _fill(self) -> dict[str, list[str]]:
        files = [
            {"name": "quote.bpmn", "content": QUOTE.decode(), "encoding": "text"},
            {"name": "configure.json", "content": FORM.decode(), "encoding": "text"},
        ]
        deployed = self.post("/deployments", {"name": "sales", "files": files, "release": True})
        customer = self.post("/customers", {"number": "C-1", "name": "李雷贸易"})
        started = [
            self.post("/instances", {"process": "quote", "customer_id": "C-1", "business_key": f"k-{n}"})["instance"]
            for n in range(3)
        ]
        tasks = [f"{one['id']}.{number}" for one in started for number in range(1, 4)]
        return {
            "key": ["quote", "sam", "sales"],
            "person": ["sam"],
            "n": ["1", "2"],
            "instance_id": [one["id"] for one in started],
            "task_id": tasks,
            "incident_id": tasks,
            "customer_id": ["C-1", customer["id"]],
            "deployment_id": [deployed["id"]],
            "sha256": [started[0]["program"]],
        }

    def post(self, path: str, body: Any) -> Any:
        request = urllib.request.Request(
            f"{self.url}/v1{path}",
            data=json.dumps(body).encode(),
            headers={**self.headers, "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    folder: Path = tmp_path_factory.mktemp("chance")
    with live.serving(folder) as server:
        yield Filled(server)


def operations() -> list[str]:
    """Their names are known before a server runs, so that each is a test of its own."""
    with tempfile.TemporaryDirectory() as folder:
        engine = app.build(Settings(data_dir=Path(folder), queue="inline"), dispatcher=False)
        try:
            spec = create_api(engine).test_client().get("/v1/openapi.json").json
        finally:
            engine.close()
    found = [f"{method.upper()} {path}" for path, methods in spec["paths"].items() for method in methods]
    return sorted(set(found) - LEFT_OUT)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("operation", operations())
def test_every_answer_is_one_that_is_described(operation: str, mode: GenerationMode, filled: Filled) -> None:
    method, _, path = operation.partition(" ")
    strategy = filled.schema[path][method].as_strategy(generation_mode=mode)

    @seed(20260302)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy, chance=st.randoms(use_true_random=False))
    def ask(case: Any, chance: random.Random) -> None:
        for name in case.path_parameters or {}:
            if name in filled.known and chance.random() < 0.7:
                case.path_parameters[name] = chance.choice(filled.known[name])
        case.call_and_validate(base_url=filled.url, headers=filled.headers, checks=CHECKS, timeout=20)

    try:
        ask()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE, "an operation that takes nothing cannot be given anything wrong"
