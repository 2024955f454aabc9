"""What a drawing only names is listed as missing until somebody binds it, and then it is really done."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from engine import errors, plugins, queries
from engine.bpmn import read
from engine.definitions import bindings, publish
from engine.jobs import external
from engine.people.agent import SYSTEM
from engine.ports import JobAnswer, JobCall
from engine.runtime import incidents, instances
from tests.house import ANNA, BOSS, House, house
from tests.unit.bpmn.drawn import document

FLOWS = '<sequenceFlow id="f1" sourceRef="s" targetRef="a"/><sequenceFlow id="f2" sourceRef="a" targetRef="e"/>'
JAVA = "org.acme.Scoring"


def model(step: str) -> bytes:
    return document(f'<startEvent id="s"/>{step}<endEvent id="e"/>{FLOWS}')


SERVICE = model(f'<serviceTask id="a" name="Score" camunda:class="{JAVA}"/>')


def score(call: JobCall) -> JobAnswer:
    return JobAnswer(data={"score": 7, "asked": call.handler})


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path, {"score": score}, reader=read.read) as made:
        yield made


def deploy(home: House, data: bytes = SERVICE) -> publish.Deployed:
    return publish.deploy(home.engine, name="u", files={"x.bpmn": data}, agent=BOSS, now=home.now)


def released(home: House, data: bytes = SERVICE) -> publish.Deployed:
    made = deploy(home, data)
    publish.release(home.engine, process="p", n=made.versions[0].n, agent=BOSS, now=home.now)
    return made


def bind(home: House, handler: str = JAVA, kind: str = "handler", target: str = "score", agent=BOSS) -> None:
    bindings.bind(home.engine, handler=handler, kind=kind, target=target, agent=agent, now=home.now)


def variables(home: House, case: str):
    return instances.get(home.engine, instance_id=case).variables


def missing(home: House) -> list[str]:
    return [place.handler for place in bindings.handlers(home.engine, agent=BOSS).missing]


# What is missing

STEPS = [
    ('<serviceTask id="a" camunda:class="org.acme.A"/>', "org.acme.A"),
    ('<serviceTask id="a" camunda:delegateExpression="${bean}"/>', "${bean}"),
    ('<serviceTask id="a" camunda:expression="${bean.run()}"/>', "bean.run"),
    ('<serviceTask id="a" activiti:class="org.acme.A"/>', "org.acme.A"),
    ('<serviceTask id="a" flowable:delegateExpression="#{bean}"/>', "#{bean}"),
    ('<sendTask id="a" camunda:class="org.acme.Send"/>', "org.acme.Send"),
    ('<businessRuleTask id="a" camunda:class="org.acme.Rule"/>', "org.acme.Rule"),
    ('<serviceTask id="a"/>', "a"),
    ('<businessRuleTask id="a"/>', "a"),
    ('<serviceTask id="a" operationRef="nowhere"/>', "nowhere"),
    (
        '<serviceTask id="a"><extensionElements><camunda:connector><camunda:connectorId>soap</camunda:connectorId>'
        "</camunda:connector></extensionElements></serviceTask>",
        "soap",
    ),
    (
        '<intermediateThrowEvent id="a"><messageEventDefinition camunda:class="org.acme.Throw"/>'
        "</intermediateThrowEvent>",
        "org.acme.Throw",
    ),
]


@pytest.mark.parametrize(("step", "handler"), STEPS, ids=[handler for _, handler in STEPS])
def test_what_nobody_does_is_listed(home: House, step: str, handler: str) -> None:
    made = deploy(home, model(step))
    assert [(place.process, place.node, place.handler) for place in made.missing] == [("p", "a", handler)]
    assert missing(home) == [handler]
    of_process = bindings.of_process(home.engine, process="p", agent=BOSS)
    assert [place.handler for place in of_process] == [handler]


DONE = [
    '<serviceTask id="a" camunda:type="external" camunda:topic="mail"/>',
    '<serviceTask id="a"><extensionElements><zeebe:taskDefinition type="mail"/></extensionElements></serviceTask>',
    '<serviceTask id="a" camunda:expression="${1 + 1}" camunda:resultVariable="two"/>',
    '<serviceTask id="a" crmflow:handler="log"/>',
    '<businessRuleTask id="a" camunda:decisionRef="discount"/>',
    '<userTask id="a"/>',
    '<scriptTask id="a" scriptFormat="python"><script>x = 1</script></scriptTask>',
]


@pytest.mark.parametrize("step", DONE)
def test_what_somebody_does_is_not_listed(home: House, step: str) -> None:
    assert deploy(home, model(step)).missing == ()


def test_a_missing_handler_is_a_warning_at_its_node_in_both_languages(home: House) -> None:
    (version,) = deploy(home).versions
    (problem,) = [problem for problem in version.problems if problem.code == "handler_missing"]
    assert (problem.severity, problem.element, problem.name) == ("warning", "a", "Score")
    assert JAVA in problem.text["zh-CN"] and JAVA in problem.text["en"]
    assert problem.mend["zh-CN"] and problem.mend["en"]


def test_a_release_is_not_stopped_and_tells_what_is_missing_now(home: House) -> None:
    deploy(home)
    one = publish.release(home.engine, process="p", n=1, agent=BOSS, now=home.now)
    assert "handler_missing" in {problem.code for problem in one.problems}


def test_what_was_bound_since_the_draft_is_missing_no_more(home: House) -> None:
    deploy(home)
    bind(home)
    one = publish.release(home.engine, process="p", n=1, agent=BOSS, now=home.now)
    assert "handler_missing" not in {problem.code for problem in one.problems}
    assert missing(home) == []


def test_what_is_missing_twice_is_listed_at_each_place(home: House) -> None:
    twice = document(
        f'<startEvent id="s"/><serviceTask id="a" camunda:class="{JAVA}"/><serviceTask id="b" camunda:class="{JAVA}"/>'
    )
    assert [place.node for place in deploy(home, twice).missing] == ["a", "b"]


# Running


def test_without_a_binding_the_case_stops_with_the_handlers_name(home: House) -> None:
    released(home)
    case = home.start("p")
    home.settle()
    with home.engine.store.reading() as tx:
        (incident,) = tx.waits.incidents(case)
    assert all(JAVA in words for words in incident.message.values()) and incident.node == "a"


def test_bound_to_a_handler_of_the_house_the_work_is_done(home: House) -> None:
    bind(home)
    released(home)
    case = home.start("p")
    home.settle()
    assert home.instance(case).status == "completed"
    assert variables(home, case)["score"] == 7
    assert variables(home, case)["asked"] == JAVA, "the handler learns under which name it was called"


def test_a_case_that_stopped_goes_on_when_it_is_retried_after_the_binding(home: House) -> None:
    released(home)
    case = home.start("p")
    home.settle()
    bind(home)
    with home.engine.store.reading() as tx:
        (incident,) = tx.waits.incidents(case)
    incidents.retry(home.engine, incident_id=incident.id, agent=BOSS, now=home.now)
    home.settle()
    assert home.instance(case).status == "completed"


def fetched(home: House, topic: str = "scoring"):
    wanted = [queries.Topic(name=topic, lease=timedelta(seconds=30))]
    return external.fetch(home.engine, topics=wanted, worker="w", limit=5, agent=SYSTEM, now=home.now)


def test_bound_to_a_topic_it_waits_for_a_worker_outside(home: House) -> None:
    bind(home, kind="topic", target="scoring")
    released(home)
    case = home.start("p")
    home.settle()
    assert ("topic", "scoring") in home.rings
    (task,) = fetched(home)
    external.complete(home.engine, job_id=task.job.id, worker="w", data={"score": 9}, agent=SYSTEM, now=home.now)
    assert home.instance(case).status == "completed"
    assert variables(home, case)["score"] == 9


def test_a_worker_that_gives_up_leaves_an_incident_and_its_retry_reaches_the_topic_again(home: House) -> None:
    bind(home, kind="topic", target="scoring")
    released(home)
    case = home.start("p")
    home.settle()
    (task,) = fetched(home)
    failure = external.Failure(message="down", retries=0, after=timedelta(0))
    external.fail(home.engine, job_id=task.job.id, worker="w", failure=failure, agent=SYSTEM, now=home.now)
    with home.engine.store.reading() as tx:
        (incident,) = tx.waits.incidents(case)
    incidents.retry(home.engine, incident_id=incident.id, agent=BOSS, now=home.now)
    home.settle()
    assert [task.job.node for task in fetched(home)] == ["a"]


def test_a_handler_of_an_installed_package_does_it(home: House, tmp_path: Path, monkeypatch) -> None:
    site = tmp_path / "site"
    info = site / "acme-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[crmflow.handlers]\n{JAVA} = acme_handlers:score\nlost = acme_gone:x\n")
    (site / "acme_handlers.py").write_text(
        "from engine.ports import JobAnswer\ndef score(call):\n    return JobAnswer(data={'score': 11})\n"
    )
    monkeypatch.syspath_prepend(str(site))
    found = plugins.handlers()
    assert {JAVA, "lost"} <= set(found)
    with house(tmp_path / "other", found, reader=read.read) as second:
        assert released(second).missing == ()
        case = second.start("p")
        second.settle()
        assert variables(second, case)["score"] == 11


def test_a_package_that_cannot_be_imported_fails_the_job_by_its_name(home: House, tmp_path: Path, monkeypatch) -> None:
    info = tmp_path / "site" / "acme-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[crmflow.handlers]\nlost = acme_gone:x\n")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    lost = plugins.handlers()["lost"]
    with house(tmp_path / "other", {"lost": lost}, reader=read.read) as second:
        bind(second, target="lost")
        released(second)
        case = second.start("p")
        for _ in range(6):
            second.pass_time(hours=1)
        with second.engine.store.reading() as tx:
            (incident,) = tx.waits.incidents(case)
        assert "acme_gone" in incident.message["en"]


def test_a_binding_whose_target_is_gone_is_missing_again(home: House, tmp_path: Path) -> None:
    bind(home)
    deploy(home)
    assert missing(home) == []
    database = home.engine.store.database
    with house(tmp_path, reader=read.read) as later:
        assert later.engine.store.database.engine.url == database.engine.url
        assert missing(later) == [JAVA]


# Binding


def test_a_later_binding_replaces_an_earlier_one(home: House) -> None:
    bind(home)
    bind(home, target="log")
    found = bindings.handlers(home.engine, agent=BOSS).bindings
    assert [(one.handler, one.kind, one.target, one.bound_by) for one in found] == [(JAVA, "handler", "log", "boss")]


def test_what_is_unbound_is_missing_again(home: House) -> None:
    bind(home)
    deploy(home)
    bindings.unbind(home.engine, handler=JAVA, agent=BOSS)
    assert missing(home) == [JAVA]


def test_the_handlers_that_run_here_are_listed(home: House) -> None:
    assert bindings.handlers(home.engine, agent=ANNA).known == ("log", "nothing", "notify", "score", "set")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"target": "nobody"}, "handler_unknown"),
        ({"handler": "log"}, "handler_builtin"),
        ({"handler": ""}, "handler_name"),
        ({"handler": " "}, "handler_name"),
        ({"handler": "x" * 1001}, "handler_name"),
        ({"target": ""}, "handler_name"),
        ({"kind": "topic", "target": " "}, "handler_name"),
    ],
)
def test_a_binding_that_cannot_hold_is_refused(home: House, words: dict[str, str], code: str) -> None:
    with pytest.raises(errors.CrmflowError) as caught:
        bind(home, **words)
    assert caught.value.code == code
    assert caught.value.text["zh-CN"] and caught.value.text["en"]
    assert bindings.handlers(home.engine, agent=BOSS).bindings == ()


def test_the_longest_name_is_kept_whole(home: House) -> None:
    name = "${" + "x" * 997 + "}"
    bind(home, handler=name)
    assert bindings.handlers(home.engine, agent=BOSS).bindings[0].handler == name


def test_what_is_not_bound_cannot_be_unbound(home: House) -> None:
    with pytest.raises(errors.NotFound) as caught:
        bindings.unbind(home.engine, handler="x", agent=BOSS)
    assert caught.value.code == "binding_unknown"


def test_only_who_draws_processes_binds(home: House) -> None:
    with pytest.raises(errors.Forbidden):
        bind(home, agent=ANNA)
    bind(home)
    with pytest.raises(errors.Forbidden):
        bindings.unbind(home.engine, handler=JAVA, agent=ANNA)
