"""Outputs of a process that may be missing: the standard's own words, our attribute, and what process.json declares."""

import msgspec
import pytest

from engine.bpmn import read, write
from engine.model.program import Program
from tests.processes import shipped

FILE = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t">
<process id="p" isExecutable="true"><ioSpecification><dataOutput id="a"/><dataOutput id="b"/><inputSet/>
<outputSet><dataOutputRefs>a</dataOutputRefs><dataOutputRefs>b</dataOutputRefs>{optional}</outputSet></ioSpecification>
<startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="e"/><endEvent id="e"/></process></definitions>"""


def program(optional: str) -> Program:
    return read.read(FILE.format(optional=optional).encode()).programs[0]


@pytest.mark.parametrize(
    ("optional", "found"),
    [
        ("", ()),
        ("<optionalOutputRefs>b</optionalOutputRefs>", ("b",)),
        ("<optionalOutputRefs> b </optionalOutputRefs><optionalOutputRefs>a</optionalOutputRefs>", ("a", "b")),
        ("<optionalOutputRefs>gone</optionalOutputRefs>", ()),
    ],
)
def test_optional_outputs_are_read_from_the_set(optional: str, found: tuple[str, ...]) -> None:
    assert (program(optional).outputs, program(optional).optional_outputs) == (("a", "b"), found)


@pytest.mark.parametrize("optional", [(), ("b",), ("a", "b")])
def test_they_survive_being_written(optional: tuple[str, ...]) -> None:
    made = msgspec.structs.replace(program(""), optional_outputs=optional)

    assert read.read(write.write(made)).programs[0].optional_outputs == optional


@pytest.mark.parametrize("key", shipped.KEYS)
def test_what_a_process_folder_gives_back_may_be_missing(key: str) -> None:
    assert shipped.base(key).optional_outputs == shipped.base(key).outputs
