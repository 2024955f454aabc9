"""Filters kept under a name, for programs."""

from tests.web.api.conftest import Programs


def test_one_is_kept_counted_and_thrown_away_by_its_owner_alone(selling: Programs) -> None:
    selling.post("/instances", {"process": "quote", "customer_id": "C-1"})
    made = selling.post("/task-filters", {"name": "Q", "shelf": "claimable", "process": "quote"}, by="sam")
    assert made.status_code == 201
    (listed,) = selling.get("/task-filters", by="sam").json["items"]
    assert (listed["name"], listed["count"], listed["own"]) == ("Q", 1, True)
    assert selling.get("/task-filters", by="sue").json["items"] == []
    assert selling.call("DELETE", f"/task-filters/{listed['id']}", by="sue").status_code == 404
    assert selling.call("DELETE", f"/task-filters/{listed['id']}", by="sam").status_code == 204
    wrong = selling.post("/task-filters", {"name": "Q", "process": "none"}, by="sam")
    assert (wrong.status_code, wrong.json["problems"][0]["pointer"]) == (422, "/process")
    assert selling.post("/task-filters", {"name": "Q", "shelf": "attic"}, by="sam").status_code == 422
