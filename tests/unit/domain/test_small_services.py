"""Look-ups of the lender, stock, causes of complaints, known problems, and what a case cost."""

from datetime import timedelta

import pytest

from engine import errors
from engine.domain import casebook, handlers
from engine.facts import ActivityCompleted
from engine.jobs.handlers import BUILTIN
from engine.model.nodes import UserTask
from engine.model.performer import Worth
from engine.model.program import Program
from engine.store.unit_of_work import Store
from engine.trade import CreditFile, Product
from tests.processes import shipped
from tests.unit.domain.conftest import NOON, Run

REQUIRED = ["income_proof", "credit_consent", "deed"]


def test_what_is_missing_is_told_in_the_order_it_is_asked_for(run: Run) -> None:
    answer = run("lending.receive", documents=["credit_consent"], required=REQUIRED)

    assert answer.data == {"missing_documents": ["income_proof", "deed"], "received_at": NOON.isoformat()}


def test_an_applicant_without_a_file_is_for_a_person_to_look_at(run: Run) -> None:
    assert run("lending.credit", id_no="X1").data == {"credit": {"points": 600, "arrears_months": 0}}
    assert run("lending.income", id_no="X1", declared=9000).data == {"income_verified": 9000}
    assert run("lending.fraud", id_no="X1").data == {"fraud_hits": 0}


def test_the_file_is_believed_more_than_the_applicant(run: Run, store: Store) -> None:
    with store.transaction() as tx:
        tx.ledger.put_credit_file(CreditFile(id_no="X2", points=480, arrears_months=3, income=7000, fraud_hits=1))
        tx.ledger.put_valuation("上海市 世纪大道 1 号", 900000)

    assert run("lending.credit", id_no="X2").data["credit"] == {"points": 480, "arrears_months": 3}
    assert run("lending.income", id_no="X2", declared=9000).data == {"income_verified": 7000}
    assert run("lending.fraud", id_no="X2").data == {"fraud_hits": 1}
    known = run("lending.valuation", address="上海市  世纪大道 1 号", declared=1200000)
    unknown = run("lending.valuation", address="上海市 世纪大道 2 号", declared=1000000)
    assert (known.data["property_value"], unknown.data["property_value"]) == (900000, 900000)


def line(product: str, quantity: int) -> dict[str, object]:
    return {"product": product, "qty": quantity}


def test_stock_says_the_lead_time_and_what_is_short(run: Run, store: Store) -> None:
    with store.transaction() as tx:
        tx.ledger.put_product(Product(key="near", texts={}, list_price=1, stock=10, lead_days=5))
        tx.ledger.put_product(Product(key="far", texts={}, list_price=1, stock=1, lead_days=60))
    there = run("products.stock", lines=[line("near", 4), line("near", 6)])
    later = run("products.stock", lines=[line("near", 4), line("near", 7), line("far", 1)])
    short = run("products.stock", lines=[line("far", 2)])

    assert there.data == {"in_stock": True, "lead_time_days": 0, "shortages": []}
    assert later.data == {"in_stock": True, "lead_time_days": 5, "shortages": []}
    assert short.data == {"in_stock": False, "lead_time_days": 60, "shortages": ["far"]}


def test_a_product_nobody_knows_goes_to_a_person(run: Run) -> None:
    assert run("products.stock", lines=[line("unheard", 1)]).error == "erp_timeout"


def test_a_cause_is_counted_for_thirty_days_and_once_a_job(run: Run) -> None:
    def count(job: str, days: int, cause: str = "process") -> int:
        answer = run("complaints.count", job=job, now=NOON + timedelta(days=days), cause=cause, category="product")
        return int(answer.data["same_cause_this_month"])

    assert [count("j-1", 0), count("j-1", 0), count("j-2", 10), count("j-3", 20, "design"), count("j-4", 35)] == [
        1,
        1,
        2,
        1,
        2,
    ]


def test_tickets_wait_for_a_known_problem(run: Run) -> None:
    assert run("knowledge.link", problem="P-1", ticket="T-1").data == {"waiting_tickets": 1}
    assert run("knowledge.link", problem="P-1", ticket="T-1").data == {"waiting_tickets": 1}
    assert run("knowledge.link", problem="P-1", ticket="T-2").data == {"waiting_tickets": 2}


def test_a_case_costs_what_its_steps_cost_as_often_as_they_were_done() -> None:
    priced = UserTask(id="a", worth=Worth(touch_minutes=30, cost_rate_per_hour=40, fixed_cost=5))
    program = Program(key="P", nodes=(priced, UserTask(id="free")))
    facts = [ActivityCompleted(node=node, token=1) for node in ("a", "free", "a")]

    assert casebook.cost(program, facts) == 50


def test_a_wrong_parameter_is_refused(run: Run) -> None:
    with pytest.raises(errors.Invalid):
        run("lending.credit", id_no=12)
    with pytest.raises(errors.Invalid):
        run("complaints.count", cause="", category="product")


def test_every_handler_that_a_shipped_process_names_is_there(store: Store) -> None:
    known = {**BUILTIN, **handlers.of(store)}
    named = {
        work.handler
        for key in shipped.KEYS
        for group in ("", *(variant["group"] for variant in shipped.folder(key).variants.values()))
        for node in shipped.program(key, group).nodes
        if (work := getattr(node, "work", None)) is not None
    }

    assert named - known.keys() == set()
