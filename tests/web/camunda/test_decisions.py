"""Decision definitions: deployed, listed, evaluated."""

from typing import Any

import pytest

from tests.web.camunda.conftest import ORDER, Clients

DISCOUNT = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="prices" name="Prices" namespace="http://x">
  <decision id="discount" name="Discount">
    <decisionTable id="table" hitPolicy="{policy}">
      <input id="i1"><inputExpression id="e1" typeRef="string"><text>group</text></inputExpression></input>
      <input id="i2" label="Sum"><inputExpression id="e2" typeRef="number"><text>sum</text></inputExpression></input>
      <output id="o1" name="percent" typeRef="number"/>
      {more}
      {rules}
    </decisionTable>
  </decision>
</definitions>"""


def rule(number: int, group: str, total: str, *outputs: str) -> str:
    cells = "".join(
        f"<inputEntry id='r{number}i{n}'><text>{text}</text></inputEntry>" for n, text in enumerate((group, total))
    )
    cells += "".join(
        f"<outputEntry id='r{number}o{n}'><text>{text}</text></outputEntry>" for n, text in enumerate(outputs)
    )
    return f"<rule id='r{number}'>{cells}</rule>"


SINGLE = DISCOUNT.format(
    policy="FIRST",
    more="",
    rules=rule(1, '"key"', "&gt;= 1000", "15") + rule(2, '"key"', "-", "10") + rule(3, "-", "&gt;= 1000", "5"),
)
WIDE = DISCOUNT.format(
    policy="COLLECT",
    more='<output id="o2" name="why" typeRef="string"/>',
    rules=rule(1, '"key"', "-", "10", '"loyal"') + rule(2, "-", "&gt;= 1000", "5", '"much"'),
)


def variables(**values: Any) -> dict[str, Any]:
    return {"variables": {name: {"value": value} for name, value in values.items()}}


def evaluate(clients: Clients, path: str = "/key/discount", **values: Any) -> Any:
    return clients.post(f"/decision-definition{path}/evaluate", variables(**values))


@pytest.fixture
def priced(clients: Clients) -> Clients:
    clients.deploy("prices", prices__dmn=SINGLE)
    return clients


def test_a_deployment_tells_its_decisions(clients: Clients) -> None:
    made = clients.deploy("all", prices__dmn=SINGLE, order__bpmn=ORDER)
    (decision,) = made["deployedDecisionDefinitions"].values()
    assert (decision["key"], decision["name"], decision["version"]) == ("discount", "Discount", 1)
    assert decision["decisionRequirementsDefinitionKey"] == "prices"
    assert decision["resource"] == "prices.dmn"
    assert len(made["deployedProcessDefinitions"]) == 1


@pytest.mark.parametrize(
    ("group", "total", "expected"),
    [("key", 1000, 15), ("key", 1, 10), ("new", 2000, 5), ("new", 1, None)],
)
def test_the_first_rule_that_fits_answers(priced: Clients, group: str, total: int, expected: int | None) -> None:
    answer = evaluate(priced, group=group, sum=total)
    assert answer == (
        [] if expected is None else [{"percent": {"type": "Integer", "value": expected, "valueInfo": {}}}]
    )


def test_each_rule_that_matched_is_one_object(clients: Clients) -> None:
    clients.deploy("prices", prices__dmn=WIDE)
    rows = [{name: cell["value"] for name, cell in row.items()} for row in evaluate(clients, group="key", sum=5000)]
    assert rows == [{"percent": 10, "why": "loyal"}, {"percent": 5, "why": "much"}]


def test_an_older_version_is_evaluated_by_its_id(priced: Clients) -> None:
    (first,) = priced.get("/decision-definition")
    priced.deploy("prices", prices__dmn=SINGLE.replace(">15<", ">20<"))
    newest = priced.get("/decision-definition/key/discount")
    assert newest["version"] == 2
    assert evaluate(priced, group="key", sum=1000)[0]["percent"]["value"] == 20
    assert evaluate(priced, f"/{first['id']}", group="key", sum=1000)[0]["percent"]["value"] == 15
    assert evaluate(priced, "/key/discount/tenant-id/t", group="key", sum=1000)[0]["percent"]["value"] == 20


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2),
        ("latestVersion=true", 1),
        ("key=discount", 2),
        ("key=other", 0),
        ("keyLike=dis%25", 2),
        ("nameLike=%25count", 2),
        ("version=2", 1),
        ("resourceName=prices.dmn", 2),
        ("resourceNameLike=%25.bpmn", 0),
        ("decisionDefinitionIdIn=a,b", 0),
    ],
)
def test_lists_are_narrowed_and_counted(priced: Clients, query: str, count: int) -> None:
    priced.deploy("prices", prices__dmn=SINGLE.replace(">15<", ">20<"))
    assert len(priced.get(f"/decision-definition?{query}")) == count
    assert priced.get(f"/decision-definition/count?{query}") == {"count": count}


@pytest.mark.parametrize(("order", "versions"), [("asc", [1, 2]), ("desc", [2, 1])])
def test_lists_are_sorted_and_paged(priced: Clients, order: str, versions: list[int]) -> None:
    priced.deploy("prices", prices__dmn=SINGLE.replace(">15<", ">20<"))
    path = f"/decision-definition?sortBy=version&sortOrder={order}"
    assert [one["version"] for one in priced.get(path)] == versions
    assert [one["version"] for one in priced.get(f"{path}&firstResult=1&maxResults=1")] == versions[1:]


def test_the_file_is_given_back(priced: Clients) -> None:
    found = priced.get("/decision-definition/key/discount/xml")
    assert found["dmnXml"] == SINGLE
    assert found["id"] == priced.get("/decision-definition/key/discount")["id"]


def test_what_cannot_be_evaluated_says_why(priced: Clients) -> None:
    refused = priced.post(
        "/decision-definition/key/discount/evaluate", {"variables": {"sum": {"type": "X"}}}, status=400
    )
    assert "Unsupported value type 'X'" in refused["message"]
    refused = priced.post("/decision-definition/key/other/evaluate", {}, status=404)
    assert refused["message"] == "No matching decision definition with key: other and no tenant-id"
    refused = priced.post("/decision-definition/discount:9:x/evaluate", {}, status=404)
    assert "discount:9:x" in refused["message"]


def test_a_deployment_taken_back_takes_its_decisions(priced: Clients) -> None:
    (deployment,) = priced.get("/deployment")
    assert priced.call("DELETE", f"/deployment/{deployment['id']}").status_code == 204
    assert priced.get("/decision-definition") == []


def test_who_may_not_see_processes_sees_no_decisions(priced: Clients) -> None:
    assert priced.call("GET", "/decision-definition", by="").status_code == 401
