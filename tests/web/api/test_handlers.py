"""Handlers and mends over HTTP."""

from tests.unit.bpmn.drawn import document
from tests.web.api.conftest import Programs

FLOWS = '<sequenceFlow id="f1" sourceRef="s" targetRef="a"/><sequenceFlow id="f2" sourceRef="a" targetRef="e"/>'
SERVICE = document(f'<startEvent id="s"/><serviceTask id="a" camunda:class="org.acme.A"/><endEvent id="e"/>{FLOWS}')
WAITING = document(
    f'<startEvent id="s"/><intermediateCatchEvent id="a"><timerEventDefinition/></intermediateCatchEvent>'
    f'<endEvent id="e"/>{FLOWS}'
)


def deploy(api: Programs, data: bytes):
    file = {"name": "x.bpmn", "content": data.decode(), "encoding": "text"}
    answer = api.post("/deployments", {"name": "x", "files": [file]})
    assert answer.status_code == 201, answer.json
    return answer.json


def test_a_missing_handler_is_listed_bound_and_unbound(api: Programs) -> None:
    made = deploy(api, SERVICE)
    place = {"process": "p", "node": "a", "name": "", "handler": "org.acme.A"}
    assert [{key: one[key] for key in place} for one in made["missing_handlers"]] == [place]

    found = api.get("/handlers").json
    assert [one["handler"] for one in found["missing"]] == ["org.acme.A"] and "log" in found["known"]

    bound = api.call("PUT", "/handlers", json={"handler": "org.acme.A", "kind": "handler", "target": "log"})
    assert (bound.status_code, bound.json["target"], bound.json["bound_by"]) == (200, "log", "ada")
    found = api.get("/handlers").json
    assert found["missing"] == [] and [one["handler"] for one in found["bindings"]] == ["org.acme.A"]

    assert api.call("DELETE", "/handlers?handler=org.acme.A").status_code == 204
    assert api.call("DELETE", "/handlers?handler=org.acme.A").status_code == 404


def test_a_wrong_binding_names_its_place(api: Programs) -> None:
    answer = api.call("PUT", "/handlers", json={"handler": "", "kind": "java", "target": "log"})
    assert answer.status_code == 422
    assert {one["pointer"] for one in answer.json["problems"]} == {"/handler", "/kind"}
    unknown = api.call("PUT", "/handlers", json={"handler": "x", "kind": "handler", "target": "nobody"})
    assert (unknown.status_code, unknown.json["code"]) == (404, "handler_unknown")


def test_who_may_not_draw_may_not_bind(api: Programs) -> None:
    body = {"handler": "x", "kind": "topic", "target": "t"}
    assert api.call("PUT", "/handlers", json=body, by="sam").status_code == 403
    assert api.get("/handlers", by="sam").status_code == 200


def test_a_draft_is_mended_over_http(api: Programs) -> None:
    deploy(api, WAITING)
    items = api.get("/processes/p/versions/1/problems").json["items"]
    assert ("fill_timer", "a") in {(one["fix"], one["element"]) for one in items}
    answer = api.post("/processes/p/versions/1/mend", {"fixes": [{"fix": "fill_timer", "element": "a"}]})
    assert (answer.status_code, answer.json["version"]["n"]) == (201, 2)
    assert [one["element"] for one in answer.json["mended"]] == ["a"]
    assert api.post("/processes/p/versions/2/release", {}).status_code == 200
    refused = api.post("/processes/p/versions/1/mend", {"fixes": [{"fix": "nonsense"}]})
    assert (refused.status_code, refused.json["code"]) == (422, "mend_not_offered")
    assert api.post("/processes/p/versions/9/mend", {}).status_code == 404
    assert api.call("POST", "/processes/p/versions/1/mend", json={}, by="sam").status_code == 403
