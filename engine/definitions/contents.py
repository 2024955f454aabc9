"""What the files of an upload hold together: the programs of its drawings with its forms and decisions, and everything
that is wrong in each file."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

from engine import dmn, errors
from engine.definitions import bindings, checks, trials
from engine.definitions.graph import Surroundings
from engine.dmn import review
from engine.forms import check as forms
from engine.forms import formjs
from engine.model.problem import Problem
from engine.model.program import Program
from engine.model.text import both
from engine.ports import Engine, Transaction

MOST_ANALYSED_CELLS = 2_000
"""Input cells of all tables of an upload whose overlaps are looked for: about a second's work. Real tables have fewer
than two hundred; ``crmflow decide --check`` looks at larger ones."""
Kind = Literal["bpmn", "dmn", "form", "other"]


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    programs: tuple[tuple[str, Program], ...]
    """(file, program) of each process that was drawn."""
    problems: dict[str, Sequence[Problem]]
    """By file, of the file alone."""


def read(engine: Engine, files: Mapping[str, bytes]) -> Contents:
    """DMN and form files belong to all processes of the same upload. Never raises for what an author wrote."""
    decisions, decision_problems = _decisions(files)
    forms_found, form_problems = _forms(files)
    found: dict[str, Sequence[Problem]] = {**decision_problems, **form_problems, **_trials(files, decisions)}
    programs: list[tuple[str, Program]] = []
    for file in (file for file in files if kind_of(file) == "bpmn"):
        reading = engine.reader(files[file], file=file)
        found[file] = reading.problems
        programs += [(file, _with(program, forms_found, decisions)) for program in reading.programs]
    return Contents(programs=tuple(programs), problems=found)


def problems(engine: Engine, tx: Transaction, held: Contents, file: str, program: Program) -> tuple[Problem, ...]:
    """Everything that is wrong with one program of ``file``, what lies in the file alone included."""
    found = checks.together(
        tuple(held.problems[file]),
        *(tuple(held.problems[one]) for one in held.problems if trials.is_one(one)),
        checks.check(program, surroundings(engine, tx, held)),
        bindings.problems(engine, tx, program),
    )
    return tuple(msgspec.structs.replace(problem, file=problem.file or file) for problem in found)


def surroundings(engine: Engine, tx: Transaction, held: Contents) -> Surroundings:
    """What a program may name that lies outside it: processes (those deployed with it included), groups, calendars."""
    keys = {process.key for process in tx.processes.all()} | {program.key for _, program in held.programs}
    groups = frozenset(group.key for group in tx.people.groups())
    return Surroundings(processes=frozenset(keys), groups=groups or None, calendars=frozenset(engine.calendars))


def kind_of(file: str) -> Kind:
    lower = file.lower()
    if lower.endswith((".bpmn", ".bpmn2", ".bpmn20.xml")):
        return "bpmn"
    if lower.endswith((".dmn", ".dmn11.xml")):
        return "dmn"
    return "form" if lower.endswith((".json", ".form")) else "other"


def _with(program: Program, forms_found: dict[str, Any], decisions: dict[str, str]) -> Program:
    return msgspec.structs.replace(
        program, forms={**forms_found, **program.forms}, decisions={**decisions, **program.decisions}
    )


def _decisions(files: Mapping[str, bytes]) -> tuple[dict[str, str], dict[str, Sequence[Problem]]]:
    """DMN text by the id of each decision in it and by the file's stem."""
    decisions: dict[str, str] = {}
    found: dict[str, Sequence[Problem]] = {}
    cells = MOST_ANALYSED_CELLS
    for file in (file for file in files if kind_of(file) == "dmn"):
        try:
            model = dmn.read(files[file], file=file)
        except (errors.Invalid, errors.TooLarge) as error:
            found[file] = getattr(error, "problems", ()) or (Problem(code=error.code, text=error.text, file=file),)
            continue
        cells -= review.cells(model.library)
        found[file] = (*model.problems, *(review.advice(model.library) if cells >= 0 else ()))
        text = files[file].decode("utf-8", errors="replace")
        decisions |= dict.fromkeys([_stem(file), *(decision.id for decision in model.definitions.decisions)], text)
    return decisions, found


def _trials(files: Mapping[str, bytes], decisions: Mapping[str, str]) -> dict[str, Sequence[Problem]]:
    """Test rows that came with a decision, run: one that fails is an error, so that nothing is released with it."""
    return {file: trials.problems(file, files[file], decisions) for file in files if trials.is_one(file)}


def _forms(files: Mapping[str, bytes]) -> tuple[dict[str, Any], dict[str, Sequence[Problem]]]:
    found_forms: dict[str, Any] = {}
    found: dict[str, Sequence[Problem]] = {}
    for file in (file for file in files if kind_of(file) == "form"):
        try:
            document = msgspec.json.decode(files[file], type=dict[str, Any])
            schema = formjs.schema(document) if formjs.is_one(document) else document
        except (*_NO_FORM, UnicodeDecodeError, RecursionError) as error:
            text = both(zh="这个表单文件不是 JSON 对象。", en=f"This form is no JSON object: {error}")
            found[file] = (Problem(code="form_not_json", text=text, file=file),)
            continue
        found[file] = [msgspec.structs.replace(problem, file=file) for problem in forms.vet(schema)]
        found_forms[_stem(file)] = schema
        if schema is not document and isinstance(document.get("id"), str):
            found_forms[document["id"]] = schema  # Camunda's formRef names the form, not its file
    return found_forms, found


_NO_FORM = (msgspec.MsgspecError, KeyError, TypeError, AttributeError)


def _stem(file: str) -> str:
    return file.replace("\\", "/").rpartition("/")[2].partition(".")[0]
