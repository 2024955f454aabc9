"""What one reading of one file knows: its name, its language, and the problems found so far."""

from dataclasses import dataclass, field

from engine.dmn import xml
from engine.dmn.model import CAMUNDA_DEFAULT, FEEL, Literal, UnaryTests, Variable
from engine.model.problem import Problem, Severity
from engine.model.text import both

CAMUNDA_NAMESPACE = "http://camunda.org/schema/1.0/dmn"
_LANGUAGES = {"juel": "juel", "javascript": "javascript", "ecmascript": "javascript", "ecma": "javascript",
              "groovy": "groovy", "python": "python", "java": "java", "mvel": "mvel"}  # fmt: skip


@dataclass
class Reading:
    file: str
    language: str
    """For input expressions, output cells and literal expressions that name none."""
    problems: list[Problem] = field(default_factory=list)

    def problem(
        self, code: str, element: xml.Tree, *, zh: str, en: str, severity: Severity = "error", name: str = ""
    ) -> None:
        self.problems.append(
            Problem(
                code=code,
                text=both(zh=zh, en=en),
                severity=severity,
                file=self.file,
                line=xml.line(element),
                element=element.get("id") or "",
                name=name or element.get("name") or "",
            )
        )

    def literal(self, element: xml.Tree) -> Literal:
        """The text of a literalExpression, inputExpression, outputEntry or defaultOutputEntry."""
        if xml.child(element, "importedValues") is not None:
            self.problem(
                "imported_values",
                element,
                zh="不支持 importedValues（从外部文件取值）",
                en="importedValues (values out of another file) are not supported",
            )
        return Literal(
            id=element.get("id") or "",
            line=xml.line(element),
            text=xml.text(xml.child(element, "text")),
            language=language_of(element, self.language),
            type_ref=type_ref(element),
        )

    def tests(self, element: xml.Tree | None) -> UnaryTests | None:
        """Unary tests; None where the element is absent."""
        if element is None:
            return None
        return UnaryTests(
            id=element.get("id") or "",
            line=xml.line(element),
            text=xml.text(xml.child(element, "text")),
            language=language_of(element, FEEL),
        )

    def variable(self, element: xml.Tree | None, name: str = "") -> Variable:
        """An information item; ``name`` stands in where it has none."""
        if element is None:
            return Variable(name=name)
        return Variable(
            id=element.get("id") or "",
            line=xml.line(element),
            name=one_space(element.get("name") or name),
            type_ref=type_ref(element),
        )


def one_space(name: str) -> str:
    """A name with its white space folded: the standard compares names that way."""
    return " ".join(name.split())


def type_ref(element: xml.Tree) -> str:
    """The typeRef attribute, or the typeRef element of an item definition, folded."""
    value = element.get("typeRef")
    return one_space(value if value is not None else xml.text(xml.child(element, "typeRef")))


def language_of(element: xml.Tree, default: str) -> str:
    """The language an element names; ``default`` where it names none. An unknown one is returned as written."""
    written = (element.get("expressionLanguage") or "").strip()
    if not written:
        return default
    low = written.lower()
    if low.rstrip("/").endswith("feel"):
        return FEEL
    return next((language for word, language in _LANGUAGES.items() if word in low), written)


def default_language(root: xml.Tree) -> str:
    """FEEL, or Camunda 7's default where the file was made for Camunda 7 (not for Camunda 8)."""
    platform = xml.attribute(root, "executionPlatform").lower()
    uris = set(root.nsmap.values()) | {root.get("namespace") or ""}
    named = language_of(root, "")
    if "cloud" in platform or any("zeebe" in (uri or "") for uri in uris):
        return FEEL
    if "camunda platform" in platform or CAMUNDA_NAMESPACE in uris:
        return named if named not in ("", FEEL) else CAMUNDA_DEFAULT
    return named or FEEL
