"""An uploaded XML text becomes a tree, or a refusal: no DTD, no entities, no network, bounded in every way."""

from typing import Any

from lxml import etree

from engine.errors import Invalid, TooLarge
from engine.model.problem import Problem
from engine.model.text import both

MAX_BYTES = 5_000_000
MAX_DEPTH = 120
MAX_ELEMENTS = 200_000

Tree = Any
"""An lxml element: the library ships no types."""


def parse(data: bytes, *, file: str = "") -> Tree:
    """The root element of ``data``.

    Raises TooLarge beyond the limits of this module; Invalid for a text that is not XML or that declares a DTD.
    """
    if len(data) > MAX_BYTES:
        raise TooLarge(
            "xml_too_large",
            zh=f"{file or '文件'} 有 {len(data)} 字节，上限为 {MAX_BYTES}",
            en=f"{file or 'the file'} has {len(data)} bytes, at most {MAX_BYTES} are read",
            file=file,
        )
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line = error.position[0] if error.position else 0
        raise _refused(
            "xml_not_wellformed", file, line, zh=f"不是合法的 XML：{error.msg}", en=f"not XML: {error.msg}"
        ) from error
    document = root.getroottree().docinfo
    if document.internalDTD is not None or document.externalDTD is not None or document.doctype:
        raise _refused("xml_with_dtd", file, 1, zh="不接受带 DTD 的文件", en="a file with a DTD is not accepted")
    _check_shape(root, file)
    return root


def _check_shape(root: Tree, file: str) -> None:
    depth = count = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            depth -= 1
            continue
        depth += 1
        count += 1
        if depth > MAX_DEPTH or count > MAX_ELEMENTS:
            raise TooLarge(
                "xml_too_deep" if depth > MAX_DEPTH else "xml_too_many_elements",
                zh=f"XML 最多 {MAX_DEPTH} 层、{MAX_ELEMENTS} 个元素",
                en=f"at most {MAX_DEPTH} levels and {MAX_ELEMENTS} elements of XML are read",
                file=file,
            )


def _refused(code: str, file: str, line: int, *, zh: str, en: str) -> Invalid:
    problem = Problem(code=code, text=both(zh=zh, en=en), file=file, line=line)
    return Invalid(code, zh=zh, en=en, problems=(problem,), file=file)


def local(element: Tree) -> str:
    """The element's name without its namespace; empty for what is not an element (an unresolved entity)."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def namespace(element: Tree) -> str:
    tag = element.tag
    return tag[1:].partition("}")[0] if isinstance(tag, str) and tag.startswith("{") else ""


def _sibling_tag(element: Tree, name: str) -> str:
    """``name`` in the element's own namespace: a vendor's element of the same name is not meant."""
    return str(element.tag)[: str(element.tag).rfind("}") + 1] + name


def children(element: Tree, name: str) -> list[Tree]:
    tag = _sibling_tag(element, name)
    return [child for child in element if child.tag == tag]


def child(element: Tree, name: str) -> Tree | None:
    tag = _sibling_tag(element, name)
    return next((found for found in element if found.tag == tag), None)


def text(element: Tree | None) -> str:
    """All characters inside, without markup; empty for None."""
    return "" if element is None else "".join(str(part) for part in element.itertext())


def attribute(element: Tree, name: str) -> str:
    """The value of an attribute by its local name, whatever prefix it carries; empty where absent."""
    value = element.get(name)
    if value is not None:
        return str(value)
    return next((str(v) for k, v in element.attrib.items() if str(k).endswith("}" + name)), "")


def line(element: Tree) -> int:
    return element.sourceline or 0
