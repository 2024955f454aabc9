"""Business calendars through the API."""

from typing import Any

import pytest

from tests.web.api.conftest import Programs

DESK: dict[str, Any] = {
    "names": {"zh-CN": "服务台", "en": "Service desk"},
    "zone": "Asia/Shanghai",
    "hours": {"mon": ["09:00-12:00", "13:00-18:00"]},
    "makeup_hours": ["09:00-17:00"],
    "holidays": {"2026-10-01": "国庆节"},
    "workdays": {"2026-10-10": {"zh-CN": "调休上班", "en": "Make-up day"}},
}


def put(api: Programs, key: str = "desk", by: str = "ada", **more: Any) -> Any:
    return api.call("PUT", f"/calendars/{key}", by=by, json={**DESK, **more})


def test_a_calendar_is_added_listed_and_read(api: Programs) -> None:
    made = put(api, revision=0)
    assert made.status_code == 200, made.json
    assert (made.json["revision"], made.json["changed"], made.json["shipped"]) == (1, True, False)
    assert made.json["holidays"] == {"2026-10-01": {"zh-CN": "国庆节", "en": "国庆节"}}
    assert api.get("/calendars/desk").json == made.json
    assert "desk" in {one["key"] for one in api.get("/calendars").json["items"]}


def test_wrong_places_are_named_in_both_languages(api: Programs) -> None:
    answer = put(api, hours={"mon": ["12:00-09:00"]}, zone="Asia/Peking")
    assert (answer.status_code, answer.json["code"]) == (422, "calendar_invalid")
    assert [place["pointer"] for place in answer.json["problems"]] == ["/zone", "/hours/mon/0", "/hours"]
    assert all(set(place["text"]) == {"zh-CN", "en"} for place in answer.json["problems"])


def test_an_older_revision_is_refused(api: Programs) -> None:
    put(api)
    assert put(api, revision=0).status_code == 409
    assert put(api, revision=1).json["revision"] == 2


def test_what_would_be_due(api: Programs) -> None:
    asked = {"start": "2026-09-30T17:00:00+08:00", "span": "PT2H"}
    found = api.get("/calendars/cn-5x8/due", query_string=asked).json
    assert found["due_at"] == "2026-10-08T10:00:00+08:00"
    assert [one["seconds"] for one in found["stretches"]] == [3600, 3600]
    assert api.get("/calendars/cn-5x8/due", query_string={**asked, "span": "x"}).status_code == 422
    assert api.get("/calendars/cn-5x8/due", query_string={**asked, "start": "x"}).status_code == 422
    assert api.get("/calendars/none/due", query_string=asked).status_code == 404


def test_holidays_of_a_country(api: Programs) -> None:
    found = api.get("/holidays/CN", query_string={"year": 2026}).json
    assert found["holidays"]["2026-10-01"]["en"] == "National Day" and "2026-10-10" in found["workdays"]
    assert api.get("/holidays/XX", query_string={"year": 2026}).json["code"] == "country_unknown"


def test_put_back(api: Programs) -> None:
    put(api, "cn-5x8")
    assert api.call("DELETE", "/calendars/cn-5x8").status_code == 204
    assert api.get("/calendars/cn-5x8").json["changed"] is False
    put(api)
    assert api.call("DELETE", "/calendars/desk").json["code"] == "calendar_own"


@pytest.mark.parametrize("by", ["ivy", "sam"])
def test_others_read_and_change_nothing(api: Programs, by: str) -> None:
    assert api.get("/calendars", by=by).status_code == 200
    assert put(api, by=by).status_code == 403
    assert api.call("DELETE", "/calendars/cn-5x8", by=by).status_code == 403
