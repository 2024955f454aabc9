"""Short ways to write BPMN for the tests of the reader."""

from engine.bpmn.read import read

SPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:activiti="http://activiti.org/bpmn" xmlns:flowable="http://flowable.org/bpmn" '
    'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" xmlns:drools="http://www.jboss.org/drools" '
    'xmlns:crmflow="https://crmflow.dev/schema/bpmn/1.0" xmlns:acme="http://acme.example/bpmn"'
)


def document(inside: str, roots: str = "", attributes: str = "") -> bytes:
    """A file with one process ``p``; ``roots`` stand beside it."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<definitions {SPACES} targetNamespace="t">{roots}\n'
        f'<process id="p" isExecutable="true" {attributes}>\n{inside}\n</process></definitions>'
    ).encode()


def reading(inside: str, roots: str = "", attributes: str = ""):
    return read(document(inside, roots, attributes), file="x.bpmn")


def program(inside: str, roots: str = "", attributes: str = ""):
    return reading(inside, roots, attributes).programs[0]


def node(inside: str, roots: str = ""):
    """The first node of the process."""
    return program(inside, roots).nodes[0]


def codes(found) -> set[str]:
    return {problem.code for problem in found.problems}


def ext(inside: str) -> str:
    return f"<extensionElements>{inside}</extensionElements>"
