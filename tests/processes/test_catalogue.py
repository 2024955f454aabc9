"""What the catalogue promises of each shipped process, counted."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from engine.definitions import order_rules
from engine.forms import check as forms
from engine.model import nodes, problem
from engine.model.program import Program
from engine.model.text import LOCALES, Text
from tests.processes import shipped

FINGERPRINTS = {
    # (process, group): (activity, logic, way, performer, service level); what each operation is, its file says.
    ("CSS-01", "KA"): (0, 0, 3, 1, 1),
    ("CSS-01", "GR"): (0, 0, 1, 0, 1),
    ("CSS-01", "ST"): (1, 2, 0, 0, 0),
    ("CSS-01", "PR"): (1, 1, 2, 0, 0),
    ("CSS-02", "KA"): (0, 0, 2, 3, 3),
    ("CSS-02", "GR"): (0, 0, 0, 0, 2),
    ("CSS-02", "PR"): (0, 0, 0, 0, 2),
    ("CSS-02", "PR-R"): (0, 0, 0, 0, 4),  # the prospects' two promises, and their own two on top
    ("CSS-03", "KA"): (1, 0, 1, 2, 0),
    ("CSS-03", "GR"): (0, 0, 0, 2, 1),
    ("CSS-03", "ST"): (1, 1, 0, 0, 0),
    ("CSS-03", "PR"): (1, 1, 0, 0, 0),
    ("CSS-04", "KA"): (0, 3, 0, 0, 1),
    ("CSS-04", "ST"): (0, 1, 0, 0, 0),
    ("CSS-04", "PR"): (1, 1, 0, 0, 0),
    ("CSS-05", "KA"): (0, 0, 2, 1, 1),
    ("CSS-05", "GR"): (0, 0, 0, 0, 1),
    ("CSS-05", "ST"): (0, 0, 1, 0, 1),
    ("CSS-05", "PR"): (0, 1, 0, 0, 1),
    ("CSS-06", "KA"): (1, 0, 0, 0, 1),
    ("CSS-06", "GR"): (0, 0, 3, 0, 0),
    ("CSS-06", "ST"): (0, 0, 1, 1, 0),
    ("CSS-06", "PR"): (0, 0, 1, 1, 0),
    ("CSS-07", "KA"): (0, 0, 1, 1, 0),
    ("CSS-07", "ST"): (0, 0, 0, 0, 2),
    ("CSS-07", "PR"): (0, 0, 1, 1, 0),
    ("CSS-08", "KA"): (1, 0, 0, 0, 0),
    ("CSS-08", "ST"): (0, 0, 1, 0, 0),
    ("CSS-08", "PR"): (0, 0, 1, 0, 0),
    ("CSS-09", "KA"): (2, 0, 0, 0, 1),
    ("CSS-09", "GR"): (0, 0, 0, 0, 1),
    ("CSS-09", "ST"): (0, 0, 2, 0, 0),
    ("CSS-09", "PR"): (0, 0, 1, 0, 1),
    ("CSS-10", "KA"): (0, 0, 1, 2, 1),
    ("CSS-10", "GR"): (0, 0, 0, 2, 0),
    ("CSS-10", "ST"): (0, 0, 0, 1, 0),
    ("MA-01", "KA"): (1, 1, 1, 1, 0),
    ("MA-01", "GR"): (0, 0, 1, 1, 0),
    ("MA-01", "ST"): (1, 0, 0, 0, 0),
    ("MA-01", "PR"): (1, 0, 0, 0, 0),
    ("MA-02", "KA"): (1, 0, 0, 1, 0),
    ("MA-02", "GR"): (0, 0, 1, 0, 0),
    ("MA-02", "ST"): (0, 1, 1, 0, 0),
    ("MA-02", "PR"): (1, 0, 1, 0, 0),
    ("MA-03", "KA"): (0, 1, 4, 1, 0),
    ("MA-03", "GR"): (0, 0, 1, 0, 0),
    ("MA-03", "ST"): (1, 0, 0, 0, 0),
    ("MA-03", "PR"): (0, 0, 3, 0, 0),
    ("MA-04", "KA"): (0, 0, 2, 1, 1),
    ("MA-04", "GR"): (1, 0, 0, 0, 1),
    ("MA-04", "ST"): (0, 0, 1, 0, 1),
    ("MA-04", "PR"): (0, 0, 2, 0, 0),
    ("MA-05", "KA"): (0, 0, 1, 1, 0),
    ("MA-05", "ST"): (1, 0, 0, 0, 0),
    ("MA-05", "PR"): (0, 0, 1, 0, 0),
    ("MA-06", "KA"): (1, 1, 0, 0, 0),
    ("MA-06", "ST"): (0, 0, 0, 1, 0),
    ("MA-06", "PR"): (1, 2, 0, 0, 0),
    ("MA-07", "KA"): (1, 1, 0, 0, 0),
    ("MA-07", "GR"): (1, 0, 1, 0, 0),
    ("MA-07", "ST"): (0, 0, 0, 1, 0),
    ("MA-07", "PR"): (0, 0, 1, 0, 0),
    ("MA-08", "KA"): (3, 2, 2, 1, 1),
    ("MA-08", "GR"): (0, 0, 2, 0, 1),
    ("MA-08", "PR"): (0, 1, 2, 0, 1),
    ("MA-09", "KA"): (1, 0, 0, 0, 0),
    ("MA-09", "GR"): (0, 0, 1, 0, 0),
    ("MA-09", "ST"): (0, 0, 1, 0, 0),
    ("MA-09", "PR"): (1, 0, 2, 0, 0),
    ("MA-10", "KA"): (0, 0, 1, 1, 0),
    ("MA-10", "GR"): (0, 0, 1, 0, 0),
    ("MA-10", "PR"): (0, 0, 1, 0, 0),
    ("MA-11", "KA"): (0, 0, 2, 1, 0),
    ("MA-11", "GR"): (0, 0, 1, 0, 0),
    ("MA-11", "ST"): (0, 0, 0, 1, 0),
    ("MA-11", "PR"): (0, 1, 1, 0, 0),
    ("SFA-01", "KA"): (1, 0, 0, 1, 1),
    ("SFA-01", "ST"): (0, 1, 1, 0, 0),
    ("SFA-01", "PR"): (1, 1, 0, 0, 0),
    ("SFA-02", "KA"): (3, 1, 0, 1, 3),
    ("SFA-02", "GR"): (0, 1, 0, 0, 0),
    ("SFA-02", "ST"): (4, 0, 1, 0, 1),
    ("SFA-02", "PR"): (2, 1, 1, 0, 0),
    ("SFA-03", "KA"): (0, 1, 1, 1, 1),
    ("SFA-03", "GR"): (0, 0, 1, 0, 1),
    ("SFA-03", "ST"): (0, 0, 2, 2, 0),
    ("SFA-03", "PR"): (0, 0, 2, 0, 0),
    ("SFA-04", "KA"): (1, 1, 0, 0, 1),
    ("SFA-04", "GR"): (0, 0, 1, 0, 1),
    ("SFA-04", "ST"): (0, 1, 1, 2, 0),
    ("SFA-04", "PR"): (0, 0, 1, 0, 0),
    ("SFA-04-watch", "KA"): (0, 0, 1, 0, 0),
    ("SFA-04-watch", "ST"): (0, 0, 1, 0, 0),
    ("SFA-04-watch", "PR"): (0, 0, 1, 0, 0),
    ("SFA-05", "KA"): (1, 0, 1, 3, 1),
    ("SFA-05", "ST"): (0, 0, 0, 2, 0),
    ("SFA-05", "PR"): (1, 0, 0, 0, 0),
    ("SFA-06", "KA"): (1, 1, 0, 0, 0),
    ("SFA-06", "ST"): (1, 0, 2, 0, 0),
    ("SFA-06", "PR"): (0, 0, 2, 0, 0),
    ("SFA-07", "KA"): (0, 0, 2, 0, 0),
    ("SFA-07", "GR"): (0, 0, 1, 0, 0),
    ("SFA-07", "ST"): (0, 0, 2, 0, 0),
    ("SFA-07", "PR"): (0, 0, 1, 0, 1),
    ("SFA-08", "KA"): (0, 0, 2, 0, 0),
    ("SFA-08", "GR"): (0, 0, 2, 0, 0),
    ("SFA-08", "ST"): (0, 0, 1, 0, 0),
    ("SFA-08", "PR"): (0, 0, 1, 0, 0),
    ("SFA-09", "KA"): (0, 1, 1, 0, 0),
    ("SFA-09", "GR"): (0, 0, 1, 0, 0),
    ("SFA-09", "ST"): (1, 0, 0, 0, 0),
    ("SFA-09", "PR"): (0, 0, 1, 0, 0),
    ("SFA-10", "KA"): (0, 0, 1, 0, 0),
    ("SFA-10", "GR"): (0, 0, 3, 0, 0),
    ("SFA-10", "ST"): (0, 0, 1, 0, 0),
    ("SFA-10", "PR"): (0, 0, 1, 0, 0),
    ("SFA-11", "KA"): (0, 0, 2, 0, 0),
    ("SFA-11", "GR"): (0, 0, 1, 0, 0),
    ("SFA-11", "ST"): (0, 0, 1, 1, 0),
    ("SFA-11", "PR"): (0, 0, 1, 0, 0),
    ("SFA-12", "KA"): (1, 0, 1, 0, 0),
    ("SFA-12", "GR"): (0, 0, 1, 0, 0),
    ("SFA-12", "ST"): (1, 0, 2, 1, 0),
    ("SFA-12", "PR"): (1, 0, 1, 0, 0),
    ("SFA-13", "KA"): (0, 0, 2, 0, 0),
    ("SFA-13", "ST"): (0, 0, 1, 1, 0),
    ("SFA-13", "PR"): (0, 0, 2, 0, 0),
    ("SFA-14", "KA"): (1, 0, 0, 0, 0),
    ("SFA-14", "ST"): (0, 0, 0, 1, 0),
    ("SFA-14", "PR"): (0, 0, 1, 0, 0),
    ("SFA-15", "KA"): (0, 0, 1, 2, 2),
    ("SFA-15", "GR"): (1, 0, 1, 0, 1),
    ("SFA-15", "PR"): (1, 1, 0, 0, 0),
    ("SFA-16", "KA"): (1, 0, 1, 0, 0),
    ("SFA-16", "GR"): (0, 0, 0, 0, 1),
    ("SFA-16", "ST"): (0, 1, 1, 1, 0),
    ("SFA-16", "PR"): (1, 0, 0, 0, 0),
    ("X-01", "KA"): (2, 0, 1, 1, 0),
    ("X-01", "GR"): (0, 0, 2, 0, 0),
    ("X-01", "ST"): (0, 0, 2, 3, 0),
    ("X-01", "PR"): (1, 0, 2, 0, 0),
    ("X-02", "KA"): (2, 0, 0, 0, 0),
    ("X-02", "GR"): (2, 0, 2, 0, 0),
    ("X-02", "ST"): (0, 0, 1, 0, 3),
    ("X-02", "PR"): (4, 0, 1, 0, 0),
    ("X-03", "KA"): (0, 0, 0, 1, 1),
    ("X-03", "GR"): (0, 0, 0, 1, 0),
    ("X-03", "ST"): (2, 2, 1, 1, 0),
    ("X-03", "PR"): (2, 2, 0, 0, 0),
    ("X-04", "KA"): (1, 0, 1, 0, 0),
    ("X-04", "PR"): (0, 0, 1, 1, 1),
    ("X-05", "KA"): (1, 0, 0, 1, 1),
    ("X-05", "GR"): (0, 1, 0, 0, 0),
    ("X-05", "ST"): (0, 1, 0, 0, 0),
    ("X-06", "KA"): (1, 0, 0, 0, 0),
    ("X-06", "GR"): (0, 0, 1, 0, 0),
    ("X-06", "ST"): (0, 0, 0, 2, 0),
    ("X-06", "PR"): (0, 0, 2, 0, 0),
}


def groups(key: str) -> list[str]:
    """Those with a variant of their own."""
    return [variant["group"] for variant in shipped.folder(key).variants.values()]


def programs(key: str) -> list[Program]:
    return [shipped.program(key, group) for group in ("", *groups(key))]


def in_both(text: Text) -> bool:
    return all(text.get(locale, "").strip() for locale in LOCALES)


@pytest.mark.parametrize("key", shipped.KEYS)
def test_the_folder_has_no_errors(key: str) -> None:
    assert [found.text["en"] for found in problem.errors(shipped.folder(key).problems)] == []


@pytest.mark.parametrize("key", shipped.KEYS)
def test_every_activity_has_a_promise_a_value_and_both_languages(key: str) -> None:
    lacking = []
    for node in (node for program in programs(key) for node in program.nodes):
        if not isinstance(node, nodes.Activity):
            continue
        if not in_both(node.texts):
            lacking.append((node.id, "names"))
        if node.promise is None:
            lacking.append((node.id, "promise"))
        if node.worth is None or not in_both(node.worth.value) or node.worth.tag not in ("VA", "BVA", "NVA"):
            lacking.append((node.id, "worth"))

    assert lacking == []


@pytest.mark.parametrize("key", shipped.KEYS)
def test_every_person_s_task_has_a_performer_and_a_form(key: str) -> None:
    for program in programs(key):
        tasks = [node for node in program.nodes if isinstance(node, nodes.UserTask)]

        assert [task.id for task in tasks if not (task.performer.groups or task.performer.assignee)] == []
        assert [task.id for task in tasks if task.form not in program.forms] == []


@pytest.mark.parametrize("key", shipped.KEYS)
def test_every_piece_of_work_names_what_does_it(key: str) -> None:
    lacking = [
        node.id
        for program in programs(key)
        for node in program.nodes
        if (isinstance(node, nodes.ServiceTask) and node.work is None)
        or (isinstance(node, nodes.SendTask) and node.work is None and node.message is None)
        or (isinstance(node, nodes.BusinessRuleTask) and not node.decision)
        or (isinstance(node, nodes.ScriptTask) and not node.script)
    ]

    assert lacking == []


@pytest.mark.parametrize("key", shipped.KEYS)
def test_whatever_the_drawing_names_has_a_chinese_name_too(key: str) -> None:
    program = shipped.base(key)
    drawn: list[Any] = [*program.nodes, *program.flows]

    assert [part.id for part in drawn if part.name and not in_both(part.texts)] == []


@pytest.mark.parametrize("key", shipped.KEYS)
def test_every_variant_composes_within_the_owner_s_bounds(key: str) -> None:
    found = {group: [one.text["en"] for one in shipped.composed(key, group).problems] for group in groups(key)}

    assert {group: problems for group, problems in found.items() if problems} == {}


@pytest.mark.parametrize("key", shipped.KEYS)
def test_a_variant_differs_where_the_catalogue_says(key: str) -> None:
    prints = {group: shipped.composed(key, group).fingerprint for group in groups(key)}

    assert {
        group: (found.activity, found.logic, found.way, found.performer, found.service_level)
        for group, found in prints.items()
    } == {group: counts for (process, group), counts in FINGERPRINTS.items() if process == key}


@pytest.mark.parametrize("key", shipped.KEYS)
def test_every_operation_says_why_in_both_languages(key: str) -> None:
    variants = shipped.folder(key).variants.values()

    assert [one["id"] for own in variants for one in own["operations"] if not in_both(one["reason"])] == []


@pytest.mark.parametrize("key", shipped.KEYS)
def test_every_form_is_sound_and_speaks_both_languages(key: str) -> None:
    for name, form in shipped.base(key).forms.items():
        assert [found.text["en"] for found in forms.vet(form)] == [], name
        silent = [path for path, part in _fields(form) if not in_both(part.get("x-title", {}))]
        unlabelled = [
            path
            for path, part in _fields(form)
            if any(not in_both(part.get("x-labels", {}).get(value, {})) for value in part.get("enum", ()))
        ]
        assert (silent, unlabelled) == ([], []), name


def _fields(schema: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    for name, part in schema.get("properties", {}).items():
        here = f"{path}/{name}"
        yield here, part
        yield from _fields(part, here)
        yield from _fields(part.get("items", {}), f"{here}/*")


@pytest.mark.parametrize("key", shipped.KEYS)
def test_the_readme_names_the_process_in_both_languages(key: str) -> None:
    definition = shipped.folder(key).definition
    assert definition is not None
    title = (shipped.PROCESSES / key / "README.md").read_text(encoding="utf-8").splitlines()[0]

    assert title.startswith(f"# {key} ")
    assert any("一" <= letter <= "鿿" for letter in title) and " · " in title


@pytest.mark.parametrize("key", shipped.KEYS)
def test_the_readme_shows_the_picture_and_leads_to_the_chapter_in_both_languages(key: str) -> None:
    folder = shipped.PROCESSES / key
    told = (folder / "README.md").read_text(encoding="utf-8")
    pictures = re.findall(r"!\[(.+?)\]\((.+?)\)", told)
    leads = [target for _, target in re.findall(r"(?<!!)\[(.+?)\]\((.+?)\)", told)]

    assert pictures == [(key, f"../../docs/catalogue/en/{key}.svg")]
    assert {f"../../docs/catalogue/{short}/{key}.md" for short in ("en", "zh")} <= set(leads)
    assert [target for target in [pictures[0][1], *leads] if not (folder / target).is_file()] == []


@pytest.mark.parametrize("key", shipped.KEYS)
def test_no_parameter_hides_a_variable_from_those_after_it(key: str) -> None:
    """They are worked out one after the other, and each sees what those before it are called: the guest's id, called
    ``guest``, would stand where the guest's name is looked for."""
    groups = ("", *(one["group"] for one in shipped.folder(key).variants.values()))
    made = {(group, node.id): node for group in groups for node in shipped.program(key, group).nodes}
    lists = [(place, entries) for place, node in made.items() for entries in order_rules.lists(node)]

    assert [place for place, some in lists if order_rules.hidden(some, frozenset(one.target for one in some))] == []


def test_every_value_that_a_parameter_may_have_is_called_something_in_both_languages() -> None:
    nameless = [
        (key, name, value)
        for key in shipped.KEYS
        for name, parameter in shipped.folder(key).definition.parameters.items()  # type: ignore[union-attr]
        for value in (
            *parameter.enum,
            *(parameter.value if parameter.labels and isinstance(parameter.value, list) else ()),
        )
        if isinstance(value, str) and set(parameter.labels.get(value, {})) != set(LOCALES)
    ]
    assert nameless == []
