"""Hostile bytes to Tags: sizes bounded, no DTD, no entities, no network.

A file that is refused is refused with the line and the reason, in Chinese and English; nothing else leaves this module.
"""

import re
from xml.parsers import expat

from lxml import etree

from engine.bpmn.names import BPMN, EARLIER_BPMN
from engine.bpmn.tag import Tag
from engine.model.problem import Problem
from engine.model.text import both

MAX_BYTES = 5_000_000
MAX_ELEMENTS = 200_000
MAX_DEPTH = 120
MAX_VALUE = 1_000_000
"""Characters of one attribute value or text."""
MAX_NAME = 10_000
"""Characters of an id, a name, or what refers to one."""

_DECLARED = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_PYTHON_CODECS = frozenset(
    {"gbk", "gb2312", "gb18030", "big5", "cp936", "shift_jis", "euc-jp", "euc-kr", "windows-1252"}
)


class Refused(Exception):
    """The file cannot be read at all; ``problem`` says why and where."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def parse(data: bytes) -> Tag:
    """The root element with everything below it. Raises Refused."""
    return tags(element(data))


def element(data: bytes, *, whole: bool = False) -> etree._Element:
    """The root as lxml's element, for the schema check; ``whole`` keeps comments, for mending. Raises Refused."""
    if len(data) > MAX_BYTES:
        raise Refused(
            _too_large(zh=f"文件大小 {len(data)} 字节", en=f"The file has {len(data)} bytes", limit=MAX_BYTES)
        )
    if not data.strip():
        raise Refused(_refusal("empty_file", 0, zh="文件是空的", en="The file is empty"))
    data = _decoded(data)
    _no_doctype(data)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=not whole,
        remove_pis=not whole,
        strip_cdata=not whole,
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as fault:
        raise Refused(_malformed(fault)) from None


def _malformed(fault: etree.XMLSyntaxError) -> Problem:
    line, column = fault.position
    reason = str(fault.msg).split(", line ")[0]
    return _refusal(
        "malformed_xml",
        line,
        zh=f"不是格式良好的 XML（第 {line} 行第 {column} 列）：{reason}",
        en=f"Not well-formed XML (line {line}, column {column}): {reason}",
    )


def _decoded(data: bytes) -> bytes:
    """UTF-8 for the encodings that Chinese, Japanese and Korean tools write and XML parsers do not know.

    A declaration that only hinders is passed over, and no line moves: one that blank lines stand before, and one of
    UTF-16 in a file that was saved again as UTF-8.
    """
    declared = _DECLARED.match(data.lstrip()[:200])
    encoding = declared[1].decode("ascii").lower() if declared else ""
    late = declared is not None and data[:1].isspace()
    if (encoding.startswith("utf-16") or late) and encoding not in _PYTHON_CODECS:
        encoding = "utf-8" if encoding.startswith(("utf-16", "utf-8")) else encoding
    elif encoding not in _PYTHON_CODECS:
        return data
    try:
        return _DECLARATION.sub(_blank, data.decode(encoding), count=1).encode()
    except LookupError:
        return data
    except UnicodeDecodeError as fault:
        line = data[: fault.start].count(b"\n") + 1
        raise Refused(
            _refusal("bad_encoding", line, zh=f"内容不是所声明的编码 {encoding}", en=f"The content is not {encoding}")
        ) from None


def _blank(declaration: re.Match[str]) -> str:
    return "\n" * declaration[0].count("\n")


def _no_doctype(data: bytes) -> None:
    """Look at the prologue only: a DTD is refused before a single entity of it is read."""
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        line = parser.CurrentLineNumber
        raise Refused(
            _refusal(
                "doctype",
                line,
                zh="文件含有 DOCTYPE（DTD、实体），出于安全原因不接受",
                en="The file has a DOCTYPE (DTD, entities), which is refused for safety",
                mend=both(zh="删除 <!DOCTYPE …> 声明", en="Delete the <!DOCTYPE ...> declaration"),
            )
        )

    def enough(*_: object) -> None:
        raise StopIteration

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = enough
    try:
        parser.Parse(data, True)
    except StopIteration:
        return
    except (ValueError, LookupError):
        raise Refused(
            _refusal("bad_encoding", 1, zh="不支持所声明的编码", en="The declared encoding is not supported")
        ) from None
    except expat.ExpatError as fault:
        reason = expat.ErrorString(fault.code)
        raise Refused(
            _refusal(
                "malformed_xml",
                fault.lineno,
                zh=f"不是格式良好的 XML（第 {fault.lineno} 行第 {fault.offset + 1} 列）：{reason}",
                en=f"Not well-formed XML (line {fault.lineno}, column {fault.offset + 1}): {reason}",
            )
        ) from None


def tags(root: etree._Element) -> Tag:
    """The same tree as Tags. Raises Refused when it is too large or too deep."""
    count = 0
    first: Tag | None = None
    stack: list[tuple[etree._Element, Tag | None, int]] = [(root, None, 1)]
    while stack:
        node, parent, depth = stack.pop()
        count += 1
        tag = _tag(node, parent)
        if count > MAX_ELEMENTS:
            raise Refused(
                _too_large(zh="元素过多", en="There are too many elements", limit=MAX_ELEMENTS, line=tag.line)
            )
        if depth > MAX_DEPTH:
            raise Refused(
                _too_large(zh="元素嵌套过深", en="Elements are nested too deep", limit=MAX_DEPTH, line=tag.line)
            )
        if parent is None:
            first = tag
        else:
            parent.children.append(tag)
        stack.extend((child, tag, depth + 1) for child in reversed(node) if isinstance(child.tag, str))
    assert first is not None
    return first


def _tag(node: etree._Element, parent: Tag | None) -> Tag:
    name = str(node.tag)
    ns, _, local = name[1:].partition("}") if name.startswith("{") else ("", "", name)
    tag = Tag(BPMN if ns in EARLIER_BPMN else ns, local, {}, node.sourceline or 0, parent)
    for key, value in node.attrib.items():
        limit = MAX_NAME if key in ("id", "name", "default") or key.endswith("Ref") else MAX_VALUE
        if len(value) > limit:
            raise Refused(
                _too_large(zh=f"属性 {key} 过长", en=f"Attribute {key} is too long", limit=limit, line=tag.line)
            )
        tag.attributes[str(key)] = str(value)
    text = (node.text or "") + "".join(child.tail or "" for child in node)
    if len(text) > MAX_VALUE:
        raise Refused(_too_large(zh="文本过长", en="A text is too long", limit=MAX_VALUE, line=tag.line))
    tag.text = text
    return tag


def _too_large(*, zh: str, en: str, limit: int, line: int = 0) -> Problem:
    return _refusal("too_large", line, zh=f"{zh}，上限为 {limit}", en=f"{en}; the limit is {limit}")


def _refusal(code: str, line: int, *, zh: str, en: str, mend: dict[str, str] | None = None) -> Problem:
    return Problem(code=code, text=both(zh=zh, en=en), line=line, mend=mend or {})
