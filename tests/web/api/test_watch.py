"""How the engine is doing, through the API: for monitors, dashboards and auditors."""

from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.web.api.conftest import Programs


def begun(api: Programs) -> str:
    made = api.post("/instances", {"process": "quote", "customer_id": "C-1", "data": {}})
    assert made.status_code == 201, made.json
    return str(made.json["instance"]["id"])


def test_health_says_what_waits(selling: Programs) -> None:
    begun(selling)
    found = selling.get("/operations/health").json
    assert found["counts"]["running"] == 1 and found["counts"]["open_tasks"] == 1 and found["late"] is False


def test_a_monitor_needs_no_token_and_hears_when_nobody_ticks(selling: Programs) -> None:
    assert selling.client.get("/v1/health/dispatcher").json == {"status": "ticking"}
    with selling.engine.store.transaction() as tx:
        tx.connection.exec_driver_sql(
            "insert into start_timer (process, node, customer_group, due_at, left, cycle, calendar) "
            "values ('quote', 'x', '', 0, 0, '', '')"
        )
    late = selling.client.get("/v1/health/dispatcher")
    assert (late.status_code, late.json["code"]) == (503, "dispatcher_late")
    assert set(late.json["text"]) == {"zh-CN", "en"}
    assert selling.get("/operations/health").json["late"] is True


def measured(api: Programs) -> dict[str, float]:
    answer = api.get("/operations/metrics")
    assert answer.status_code == 200 and answer.content_type == "text/plain; version=0.0.4; charset=utf-8"
    families = text_string_to_metric_families(answer.text)
    return {
        sample.name + "".join(f" {value}" for value in sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }


def test_prometheus_reads_the_numbers_of_the_page(selling: Programs) -> None:
    """By its own parser, which refuses what Prometheus would refuse."""
    begun(selling)
    found = measured(selling)
    counts = selling.get("/operations/health").json["counts"]
    assert found["crmflow_cases running"] == counts["running"] == 1
    assert found["crmflow_tasks_open"] == counts["open_tasks"] == 1
    assert found["crmflow_jobs due"] == counts["jobs_due"] and found["crmflow_letters"] == counts["letters"]
    assert found["crmflow_incidents"] == found["crmflow_late"] == found["crmflow_letters_dead"] == 0


def test_prometheus_reads_how_long_work_has_been_due(selling: Programs) -> None:
    with selling.engine.store.transaction() as tx:
        tx.connection.exec_driver_sql(
            "insert into start_timer (process, node, customer_group, due_at, left, cycle, calendar) "
            "values ('quote', 'x', '', 0, 0, '', '')"
        )
    found = measured(selling)
    assert found["crmflow_lag_seconds start"] == selling.clock.now().timestamp()
    assert found["crmflow_late"] == 1


def test_what_stands_still_is_listed_and_several_are_retried(selling: Programs) -> None:
    assert selling.get("/operations/stuck").json == {"items": []}
    answer = selling.post("/incidents/retry", {"incidents": ["none.1", "x"]})
    assert [one["incident"] for one in answer.json["items"]] == ["none.1", "x"]
    assert all(set(one["error"]) == {"zh-CN", "en"} for one in answer.json["items"])
    assert selling.post("/incidents/retry", {"incidents": []}).status_code == 422


def test_history_is_read_page_by_page(selling: Programs) -> None:
    begun(selling)
    selling.clock.advance(timedelta(hours=1))
    begun(selling)
    whole = selling.get("/history", query_string={"limit": 500}).json["items"]
    paged, after = [], ""
    while True:
        page = selling.get("/history", query_string={"limit": 3, "after": after}).json
        paged += page["items"]
        after = page["next"]
        if not after:
            break
    assert paged == whole and len({one["number"] for one in whole}) == 2
    started = selling.get("/history", query_string={"type": "InstanceStarted"}).json["items"]
    assert [one["fact"]["type"] for one in started] == ["InstanceStarted"] * 2


@pytest.mark.parametrize("after", ["x", "a~b~c", "2026-03-02T09:00:00~i~1", "~~"])
def test_a_cursor_that_is_none_is_refused(selling: Programs, after: str) -> None:
    assert selling.get("/history", query_string={"after": after}).json["code"] == "cursor_unknown"


@pytest.mark.parametrize("path", ["/operations/health", "/operations/metrics", "/operations/stuck", "/history"])
def test_only_administrators_look(selling: Programs, path: str) -> None:
    assert selling.get(path, by="sam").status_code == 403
    assert selling.get(path, by="ivy").status_code == 403
