"""From Definitions to a Library: imports are read, references followed, circles found, expressions compiled."""

from collections.abc import Mapping

from engine.dmn import boxes, cells, document, nodes, texts
from engine.dmn.model import (
    CAMUNDA_DEFAULT,
    Decision,
    DecisionService,
    Definitions,
    Element,
    Import,
    ItemDefinition,
    KnowledgeModel,
    Literal,
    Reference,
    Table,
    UnaryTests,
    Variable,
)
from engine.dmn.program import Library, Need, Unit, circles, units_of
from engine.dmn.scope import Findings, Scope
from engine.dmn.types import Catalogue, gate
from engine.errors import Invalid, TooLarge
from engine.feel import tree
from engine.feel.compiler.static import Static
from engine.feel.run import Run
from engine.feel.values import Value
from engine.model.problem import errors
from engine.model.text import both

MAX_FILES = 1000
"""That may be given for imports."""


class Linker:
    """Reads a file and all it imports; each file once."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        if len(files) > MAX_FILES:
            raise TooLarge(
                "too_many_imports",
                zh=f"最多读取 {MAX_FILES} 个文件，给出了 {len(files)} 个",
                en=f"at most {MAX_FILES} files are read for imports, {len(files)} were given",
            )
        self._files = files
        self._waiting: dict[str, tuple[Definitions, Findings]] = {}
        self._unreadable: list[str] = []
        self._libraries: dict[str, Library] = {}
        self._open: list[str] = []

    def library(self, definitions: Definitions, findings: Findings) -> Library:
        library = Library(definitions, findings)
        self._open.append(definitions.namespace)
        for wanted in definitions.imports:
            self._import(library, wanted)
        _compile(library)
        self._open.pop()
        return library

    def _read_files(self) -> None:
        """Only when something is imported: which file it is, its namespace tells."""
        files, self._files = self._files, {}
        for file, data in files.items():
            try:
                found, problems = document.definitions(data, file=file)
            except (Invalid, TooLarge):
                self._unreadable.append(file)  # told if an import is missing; otherwise nobody asked for it
                continue
            self._waiting.setdefault(found.namespace, (found, Findings(file, problems)))

    def _import(self, library: Library, wanted: Import) -> None:
        self._read_files()
        findings, name = library.findings, wanted.name or wanted.namespace
        if wanted.kind and "/dmn/" not in wanted.kind.lower():
            words = both(
                zh=f"不支持导入 {wanted.kind} 类型的文件", en=f"imports of the kind {wanted.kind} are not supported"
            )
            findings.add("import_kind", wanted, name, words)
        elif wanted.namespace in self._open:
            words = both(zh=f"导入“{name}”形成循环", en=f"the import {name} leads back to this file")
            findings.add("import_circle", wanted, name, words)
        elif wanted.namespace in self._libraries:
            library.imports[wanted.name] = self._libraries[wanted.namespace]
        elif wanted.namespace in self._waiting:
            made = self.library(*self._waiting.pop(wanted.namespace))
            made.imported = True
            self._libraries[wanted.namespace] = library.imports[wanted.name] = made
            findings.problems += [problem for problem in made.findings.problems if problem not in findings.problems]
        else:
            unreadable = ", ".join(self._unreadable)
            words = both(
                zh=f"没有给出导入的模型“{name}”（{wanted.namespace}）"
                + (f"；读不了的文件：{unreadable}" if unreadable else ""),
                en=f"the imported model {name} ({wanted.namespace}) was not given"
                + (f"; could not be read: {unreadable}" if unreadable else ""),
            )
            findings.add("import_missing", wanted, name, words)


def _compile(library: Library) -> None:
    library.units = list(units_of(library))
    for alias, other in library.imports.items():
        library.catalogue.adopt(other.catalogue, f"{alias}." if alias else "")
    for item in library.definitions.types:
        library.catalogue.add(item)
    entries = _entries(library)
    for item in library.definitions.types:
        _compile_limits(item, library, entries)
    for unit in library.units:
        _link(unit)
    _refuse_circles(library)
    for unit in library.units:
        _compile_unit(unit, entries)


# names of several words that may stand behind a dot


def _entries(library: Library) -> frozenset[str]:
    found: set[str] = set()
    for item in library.catalogue.items.values():
        found |= _components(item)
    for unit in library.units:
        found |= _inside(getattr(unit.element, "body", None)) | _inside(getattr(unit.element, "logic", None))
    for other in library.imports.values():
        found |= {unit.name for unit in other.units} | _entries(other)
    return frozenset(name for name in found if not name.isidentifier())


def _components(item: ItemDefinition) -> set[str]:
    return {name for part in item.components for name in {part.name, *_components(part)}}


def _inside(value: object) -> set[str]:
    """Names of the entries, columns and outputs anywhere within a boxed expression."""
    found: set[str] = set()
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, tuple):
            waiting += part
        elif isinstance(part, Variable):
            found.add(part.name)
        elif isinstance(part, Table):
            found |= {output.name for output in part.outputs}
        elif isinstance(part, Element) and not isinstance(part, Literal | UnaryTests):
            waiting += [getattr(part, field) for field in part.__struct_fields__]
    return found


# types


def _compile_limits(item: ItemDefinition, library: Library, entries: frozenset[str]) -> None:
    scope = Scope(library.catalogue, library.findings, item, item.name, loose=entries, entries=entries)
    if item.type_ref:
        scope.type_name(item.type_ref, item)
    for limit in (item.allowed, item.constraint):
        if limit is not None:
            _compile_limit(limit, scope, library.catalogue)
    for part in item.components:
        _compile_limits(part, library, entries)


def _compile_limit(limit: UnaryTests, scope: Scope, catalogue: Catalogue) -> None:
    parsed = texts.tests(limit, scope)
    if parsed is None:
        catalogue.passes[id(limit)] = lambda value, run: True
        return
    test = cells.compile_tests(*parsed, Static(nodes.COMPILERS, catalogue.definitions))

    def passes(value: Value, run: Run) -> bool:
        return test(value, {"?": value}, run) is True

    catalogue.passes[id(limit)] = passes


# references


def _link(unit: Unit) -> None:
    element = unit.element
    if isinstance(element, Decision):
        unit.needs = [need for ref in (*element.requires, *element.knows) for need in _follow(unit, ref)]
    elif isinstance(element, KnowledgeModel):
        unit.needs = [need for ref in element.knows for need in _follow(unit, ref)]
    elif isinstance(element, DecisionService):
        unit.outputs = _units(unit, element.outputs)
        unit.parameters = (*_units(unit, element.input_data), *_units(unit, element.input_decisions))
        _units(unit, element.encapsulated)


def _units(unit: Unit, references: tuple[Reference, ...]) -> tuple[Unit, ...]:
    return tuple(need.unit for ref in references for need in _follow(unit, ref))


def _follow(unit: Unit, reference: Reference) -> list[Need]:
    found = unit.library.find(reference)
    if found is not None:
        return [found]
    target = f"{reference.namespace}#{reference.id}" if reference.namespace else reference.id
    words = both(zh=f"引用了不存在的元素“{target}”", en=f"requires {target!r}, which does not exist")
    unit.library.findings.add("requirement_unknown", unit.element, unit.element.name, words)
    unit.problems += (unit.library.findings.problems[-1],)
    return []


def _refuse_circles(library: Library) -> None:
    for way in circles(library.units):
        if len(way) == 1 and way[0].kind == "knowledge":  # a knowledge model may know itself
            continue
        names = " → ".join(unit.name for unit in [*way, way[0]])
        words = both(zh=f"循环依赖：{names}", en=f"these require each other in a circle: {names}")
        library.findings.add("requirement_circle", way[0].element, way[0].element.name, words)
        for unit in way:
            unit.problems += (library.findings.problems[-1],)


# expressions


def _compile_unit(unit: Unit, entries: frozenset[str]) -> None:
    library = unit.library
    before = len(library.findings.problems)
    names = frozenset(need.alias or need.unit.name for need in unit.needs)
    names |= {need.unit.name for need in unit.needs if not need.alias}
    unit.open = _is_open(unit)
    scope = Scope(
        library.catalogue,
        library.findings,
        unit.element,
        unit.element.name,
        names,
        entries,
        camunda=library.definitions.language == CAMUNDA_DEFAULT,
        closed=not unit.open,
    )
    node = _node(unit, scope)
    if node is not None:
        unit.code = nodes.compile_node(node, library.catalogue.definitions, names)
    unit.problems += tuple(errors(library.findings.problems[before:]))


def _is_open(unit: Unit) -> bool:
    """A file that declares no input data, or is made for Camunda 7, lets its decisions see every variable."""
    definitions = unit.library.definitions
    return unit.kind == "decision" and (not definitions.inputs or definitions.language == CAMUNDA_DEFAULT)


def _node(unit: Unit, scope: Scope) -> tree.Node | None:
    element = unit.element
    if isinstance(element, KnowledgeModel):
        return _function(element, scope)
    if isinstance(element, DecisionService):
        unit.gate = gate(scope.catalogue, _result_type(element.variable, scope))
        return None
    variable = getattr(element, "variable", None)
    if isinstance(variable, Variable):
        unit.gate = scope.gate(variable.type_ref, element)
    if isinstance(element, Decision) and element.body is not None:
        return boxes.node(element.body, scope, unit.name)
    return None


def _function(element: KnowledgeModel, scope: Scope) -> tree.Node:
    if element.logic is None:
        return tree.Literal(0, None)
    return boxes.function(element.logic, scope, element.variable.name, _result_type(element.variable, scope))


def _result_type(variable: Variable, scope: Scope) -> str:
    """What a function gives: the type of its variable, or of that type's result (since DMN 1.3)."""
    name = scope.type_name(variable.type_ref, variable)
    item = scope.catalogue.items.get(name)
    if item is not None and item.function is not None:
        return item.function.result
    return "" if name in ("function", "Any") else name
