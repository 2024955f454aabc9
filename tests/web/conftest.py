"""The pages over a real engine: a hand clock, a real database, one process with forms, and people of each role."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import argon2
import flask
import pytest
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from engine.evaluation import HouseEvaluator
from engine.model import nodes
from engine.model.expression import Expression
from engine.model.performer import Performer, Promise
from engine.model.program import Flow, Program
from engine.people import groups, passwords, users
from engine.people.agent import SYSTEM
from tests.house import House, house
from web.ui.app import create_pages

PASSWORD = "correct horse 9"
ORDER = {
    "type": "object",
    "title": "Order",
    "x-title": {"zh-CN": "订单", "en": "Order"},
    "properties": {
        "amount": {
            "type": "number",
            "minimum": 1,
            "x-title": {"zh-CN": "金额", "en": "Amount"},
            "x-ui": {"order": 1, "money": "CNY"},
        },
        "note": {"type": "string", "maxLength": 200, "x-title": {"zh-CN": "备注", "en": "Note"}, "x-ui": {"order": 2}},
        "lines": {
            "type": "array",
            "maxItems": 5,
            "x-title": {"zh-CN": "明细", "en": "Lines"},
            "items": {
                "type": "object",
                "required": ["sku"],
                "properties": {
                    "sku": {"type": "string", "x-title": {"zh-CN": "货号", "en": "Article"}},
                    "count": {"type": "integer", "minimum": 1, "x-title": {"zh-CN": "数量", "en": "Count"}},
                },
                "additionalProperties": False,
            },
        },
    },
    "required": ["amount"],
    "additionalProperties": False,
}
APPROVAL = {
    "type": "object",
    "x-title": {"zh-CN": "审批", "en": "Approval"},
    "properties": {
        "amount": {"type": "number", "readOnly": True, "x-title": {"zh-CN": "金额", "en": "Amount"}},
        "rate": {"type": "integer", "maximum": 30, "x-title": {"zh-CN": "折扣", "en": "Discount"}},
        "comment": {
            "type": "string",
            "maxLength": 500,
            "x-title": {"zh-CN": "意见", "en": "Comment"},
            "x-ui": {"widget": "textarea"},
        },
        "outcome": {
            "type": "string",
            "enum": ["approved", "refused"],
            "x-labels": {
                "approved": {"zh-CN": "同意", "en": "Approve"},
                "refused": {"zh-CN": "不同意", "en": "Refuse"},
            },
            "x-ui": {"widget": "actions"},
        },
    },
    "required": ["outcome"],
    "if": {"properties": {"outcome": {"const": "refused"}}, "required": ["outcome"]},
    "then": {"required": ["comment"]},
    "additionalProperties": False,
}


def quote_program() -> Program:
    """Start with an order form; the sales group approves; the legal group checks."""
    sales = Performer(groups=(Expression(text="sales", language="literal"),))
    legal = Performer(groups=(Expression(text="legal", language="literal"),))
    return Program(
        key="quote",
        nodes=(
            nodes.StartEvent(id="begin", form="order"),
            nodes.UserTask(
                id="approve",
                name="Approve the discount",
                texts={"zh-CN": "折扣审批", "en": "Approve the discount"},
                performer=sales,
                form="approval",
                promise=Promise(duration="PT4H"),
            ),
            nodes.UserTask(
                id="check", name="Legal check", texts={"zh-CN": "法务核对", "en": "Legal check"}, performer=legal
            ),
            nodes.EndEvent(id="end"),
        ),
        flows=(
            Flow(id="f1", source="begin", target="approve"),
            Flow(id="f2", source="approve", target="check"),
            Flow(id="f3", source="check", target="end"),
        ),
        forms={"order": ORDER, "approval": APPROVAL},
    )


class Browser:
    """A signed-in client that reads the page's own CSRF token, as a browser would."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, address: str, **more: Any) -> TestResponse:
        return self.client.get(address, **more)

    def post(self, address: str, data: dict[str, Any] | None = None, page: str = "/account") -> TestResponse:
        """From ``page``, whose token goes along."""
        return self.client.post(address, data={"csrf_token": self.token(page), **(data or {})})

    def token(self, page: str) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(page, follow_redirects=True).text)
        assert found, f"no token on {page}"
        return found[1]


def words(answer: TestResponse) -> str:
    """What a reader sees: without markup, in one line."""
    text = re.sub(r"<(script|style|template)\b.*?</\1>", " ", answer.text, flags=re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text)))


@pytest.fixture(scope="package", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Argon2 as ever, but made for many logins: what it costs is tested in tests/unit/people."""
    kept, passwords._HASHER = passwords._HASHER, argon2.PasswordHasher(time_cost=1, memory_cost=16, parallelism=1)
    yield
    passwords._HASHER = kept


@pytest.fixture(scope="session", autouse=True)
def unhurried_apps(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Apps are made for every test: templates are compiled once, and how an address is built when it is asked for."""
    flask.Flask.jinja_options = {"bytecode_cache": FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))}
    compiled = Rule._compile_builder

    def later(rule: Rule, append_unknown: bool = True) -> Callable[..., Any]:
        @cache
        def builder() -> Callable[..., Any]:
            return compiled(rule, append_unknown)

        return lambda bound, **values: builder()(bound, **values)

    Rule._compile_builder = later  # type: ignore[method-assign,assignment]


@contextmanager
def staffed(folder: Path) -> Iterator[House]:
    """A house with people of every role and the process of quotes."""
    evaluator = HouseEvaluator()
    with house(folder, evaluator=evaluator) as made:
        for key, zh, en in (("sales", "销售", "Sales"), ("legal", "法务", "Legal")):
            groups.put_group(made.engine, key=key, texts={"zh-CN": zh, "en": en}, agent=SYSTEM)
        people = {
            "anna": ("Anna", ("staff",), ("sales",), "en"),
            "bo": ("博文", ("staff",), ("sales",), "zh-CN"),
            "chen": ("Chen", ("staff",), ("legal",), "en"),
            "dana": ("Dana", ("designer",), (), "en"),
            "boss": ("Boss", ("admin",), (), "en"),
            "robot": ("Robot", ("integrator",), (), "en"),
        }
        for key, (name, roles, member_of, locale) in people.items():
            profile = users.Profile(name=name, roles=roles, groups=member_of, locale=locale)
            users.add_user(made.engine, key=key, profile=profile, password=PASSWORD, agent=SYSTEM, now=made.now)
        made.release(quote_program())
        yield made
    evaluator.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[House]:
    with staffed(tmp_path) as made:
        yield made


@pytest.fixture
def app(desk: House) -> flask.Flask:
    return create_pages(desk.engine, testing=True)


@pytest.fixture
def stranger(app: flask.Flask) -> Browser:
    return Browser(app.test_client())


@pytest.fixture
def sign_in(app: flask.Flask) -> Callable[[str], Browser]:
    def enter(key: str) -> Browser:
        browser = Browser(app.test_client())
        answer = browser.post("/login", {"key": key, "password": PASSWORD}, page="/login")
        assert answer.status_code == 303, words(answer)
        return browser

    return enter


@pytest.fixture
def anna(sign_in: Callable[[str], Browser]) -> Browser:
    """Staff in the sales group, reads English."""
    return sign_in("anna")


@pytest.fixture
def bo(sign_in: Callable[[str], Browser]) -> Browser:
    """Staff in the sales group, reads Chinese."""
    return sign_in("bo")
