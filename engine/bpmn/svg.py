"""A drawing as SVG, for documents: shapes where their author put them, texts in the reader's language.

Colours follow the reader's light or dark page; every text is escaped, nothing in the file can add to the picture.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from html import escape

from engine.bpmn import diagram, glyphs, markup
from engine.bpmn.names import BPMN, BPMNDI, DI
from engine.bpmn.tag import Tag

FONT_SIZE = 12
LINE_HEIGHT = 14
MARGIN = 12
FARTHEST = 1e6
STYLE = """
svg{font:12px system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;background:#fff}
.s{fill:#fff;stroke:#1c2733;stroke-width:1.500}.i,.e{fill:none;stroke:#1c2733;stroke-width:1.200}.f{fill:#1c2733}
.k{stroke-width:3}.l{fill:#f6f8fa;stroke:#b6c2cf}.d{stroke-dasharray:4 3}text{fill:#1c2733}.b{fill:#0b57a4}
.b+text{fill:#fff;font-size:9px;font-weight:700}
@media(prefers-color-scheme:dark){svg{background:#10161d}.s{fill:#1a232d;stroke:#d5dee8}.i,.e{stroke:#d5dee8}
.f{fill:#d5dee8}.l{fill:#141c24;stroke:#3b4a5a}text{fill:#e6edf3}}
"""


def draw(data: bytes, *, names: Mapping[str, str], badges: Mapping[str, list[str]] | None = None) -> str:
    """The picture of one file. ``names`` and ``badges`` are by element id; a badge is a short word at a shape's foot.

    Raises markup.Refused for bytes that are no XML; what has no place in the drawing is left out.
    """
    root = markup.parse(data)
    elements = {tag.id: tag for tag in root.walk() if tag.id and tag.ns == BPMN}
    figures, edges = [], []
    box: list[float] = []
    for tag in root.walk():
        known = elements.get(tag.attributes.get("bpmnElement", "").rpartition(":")[2])
        if tag.ns != BPMNDI or known is None:
            continue
        name = names.get(known.id, known.label)
        if tag.name == "BPMNShape":
            place = _bounds(tag)
            box += [place[0], place[1], place[0] + place[2], place[1] + place[3]]
            figures.append((_layer(known), known, tag, place, name))
        elif tag.name == "BPMNEdge":
            points = [_point(child) for child in tag.children if child.ns == DI and child.name == "waypoint"]
            box += [number for point in points for number in point]
            edges.append("".join(_edge(known, tag, points, name, elements)))
        for words in _labels(tag):
            box += [words[0], words[1], words[0] + words[2], words[1] + words[3]]
    shown = badges or {}
    figures.sort(key=lambda figure: figure[0])
    shapes = [
        (layer, "".join((*_figure(tag, shape, place, name), *_badges(place, shown.get(tag.id, [])))))
        for layer, tag, shape, place, name in figures
    ]
    left, top = (min(box[side::2], default=0) - MARGIN for side in (0, 1))
    width, height = (max(box[side::2], default=0) + MARGIN - start for side, start in ((0, left), (1, top)))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left:g} {top:g} {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}"><style>{STYLE}</style>'
        '<defs><marker id="a" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto">'
        '<path class="f" d="M0 1l9 4-9 4z"/></marker></defs>\n'
        + "\n".join(text for layer, text in shapes if layer < 2)
        + "\n"
        + "\n".join(edges)
        + "\n"
        + "\n".join(text for layer, text in shapes if layer == 2)
        + "\n</svg>\n"
    )


def pools(data: bytes) -> list[str]:
    """Ids of the pools in a file that hold a process. Raises markup.Refused for bytes that are no XML."""
    found = (tag for tag in markup.parse(data).walk() if tag.ns == BPMN and tag.name == "participant")
    return [tag.id for tag in found if tag.id and tag.attributes.get("processRef")]


def _layer(tag: Tag) -> int:
    """Lanes lie under sub-processes, and those under everything else."""
    return {"participant": 0, "lane": 0, "subProcess": 1, "transaction": 1, "adHocSubProcess": 1}.get(tag.name, 2)


def _figure(tag: Tag, shape: Tag, place: "Place", name: str) -> Iterator[str]:
    x, y, width, height = place
    if tag.name in ("participant", "lane"):
        yield f'<rect class="l" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"/>'
        turned = f"rotate(-90 {x + 15:g} {y + height / 2:g})"
        yield f'<text transform="{turned}" x="{x + 15:g}" y="{y + height / 2 + 4:g}" text-anchor="middle">'
        yield f"{escape(name)}</text>"
    elif tag.name.endswith("Event"):
        yield from _event(tag, place)
        yield from _label(shape, name, (x + width / 2 - 45, y + height + 4, 90, 0))
    elif tag.name.endswith("Gateway"):
        middle, half = (x + width / 2, y + height / 2), width / 2
        yield f'<path class="s" d="M{middle[0]:g} {y:g}l{half:g} {half:g}-{half:g} {half:g}-{half:g}-{half:g}z"/>'
        yield _glyph(glyphs.GATEWAYS.get(tag.name, ""), middle[0] - 12, middle[1] - 12, 1.5)
        yield from _label(shape, name, (x + width / 2 - 45, y + height + 4, 90, 0))
    elif tag.name in ("textAnnotation", "dataObjectReference", "dataStoreReference", "group"):
        yield f'<rect class="e d" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"/>'
        text = name or "".join(child.text for child in tag.children if child.name == "text").strip()
        yield from _text(text, x + width / 2, y + height / 2, width - 6)
    else:
        yield from _activity(tag, shape, place, name)


def _activity(tag: Tag, shape: Tag, place: "Place", name: str) -> Iterator[str]:
    x, y, width, height = place
    unfolded = shape.attributes.get("isExpanded") == "true"
    thick = " k" if tag.name == "callActivity" else ""
    dashed = " d" if tag.attributes.get("triggeredByEvent") == "true" else ""
    yield f'<rect class="s{thick}{dashed}" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="8"/>'
    if unfolded:
        yield from _text(name, x + width / 2, y + 12, width - 16)
    else:
        yield from _text(name, x + width / 2, y + height / 2 + 4, width - 10)
    if tag.name in glyphs.TASKS:
        yield _glyph(glyphs.TASKS[tag.name], x + 4, y + 4, 0.85, filled=tag.name == "sendTask")
    loops = {child.name: child for child in tag.children}
    foot = (x + width / 2 - 7, y + height - 17)
    many = loops.get("multiInstanceLoopCharacteristics")
    if many is not None:
        one_by_one = many.attributes.get("isSequential") == "true"
        yield _glyph(glyphs.SEQUENTIAL if one_by_one else glyphs.PARALLEL, *foot, 0.85)
    elif "standardLoopCharacteristics" in loops:
        yield _glyph(glyphs.LOOP, *foot, 0.85)
    elif tag.name.endswith("ubProcess") and not unfolded:
        yield _glyph(glyphs.FOLDED, *foot, 0.85)


def _event(tag: Tag, place: "Place") -> Iterator[str]:
    x, y, width, height = place
    middle = f'cx="{x + width / 2:g}" cy="{y + height / 2:g}"'
    dashed = " d" if "false" in (tag.attributes.get("cancelActivity"), tag.attributes.get("isInterrupting")) else ""
    thick = " k" if tag.name == "endEvent" else ""
    yield f'<circle class="s{thick}{dashed}" {middle} r="{width / 2:g}"/>'
    if tag.name in ("intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"):
        yield f'<circle class="i{dashed}" {middle} r="{width / 2 - 3:g}"/>'
    kinds = [child.name for child in tag.children if child.name in glyphs.EVENTS]
    if kinds:
        throws = tag.name in ("endEvent", "intermediateThrowEvent") or kinds[0] in glyphs.FILLED
        yield _glyph(glyphs.EVENTS[kinds[0]], x + width / 2 - 8, y + height / 2 - 8, 1, filled=throws)


def _edge(
    tag: Tag, edge: Tag, points: list[tuple[float, float]], name: str, elements: Mapping[str, Tag]
) -> Iterator[str]:
    if len(points) < 2:
        return
    line = "M" + "L".join(f"{x:g} {y:g}" for x, y in points)
    dashed = " d" if tag.name in ("messageFlow", "association") else ""
    arrow = "" if tag.name == "association" else ' marker-end="url(#a)"'
    yield f'<path class="e{dashed}" d="{line}"{arrow}/>'
    source = elements.get(tag.attributes.get("sourceRef", ""))
    if source is not None and tag.id and source.attributes.get("default") == tag.id:
        (x, y), (to_x, to_y) = points[0], points[1]
        long = max(1.0, ((to_x - x) ** 2 + (to_y - y) ** 2) ** 0.5)
        at = (x + 12 * (to_x - x) / long, y + 12 * (to_y - y) / long)
        yield f'<path class="e" d="M{at[0] - 4:g} {at[1] + 5:g}l8-10"/>'
    (x, y), (to_x, to_y) = points[len(points) // 2 - 1], points[len(points) // 2]
    yield from _label(edge, name, ((x + to_x) / 2 - 45, (y + to_y) / 2 - 18, 90, 0))


def _label(shape: Tag, name: str, otherwise: "Place") -> Iterator[str]:
    """Where its author put it, or ``otherwise``."""
    if name:
        x, y, width, _ = next(iter(_labels(shape)), otherwise)
        rows = wrapped(name, max(width, 84))
        yield from _rows(rows, x + width / 2, y + 11)


def _labels(shape: Tag) -> list["Place"]:
    return [_bounds(child) for child in shape.children if child.name == "BPMNLabel" and child.children]


def _badges(place: "Place", words: list[str]) -> Iterator[str]:
    x, y, width, height = place
    for number, word in enumerate(words):
        left = x + width - 24 * (len(words) - number) - 2
        yield f'<rect class="b" x="{left:g}" y="{y + height - 6:g}" width="22" height="12" rx="3"/>'
        yield f'<text x="{left + 11:g}" y="{y + height + 3:g}" text-anchor="middle">{escape(word[:4])}</text>'


def _text(text: str, x: float, y: float, width: float) -> Iterator[str]:
    rows = wrapped(text, width)
    yield from _rows(rows, x, y - LINE_HEIGHT * (len(rows) - 1) / 2)


def _rows(rows: list[str], x: float, y: float) -> Iterator[str]:
    for number, row in enumerate(rows):
        yield f'<text x="{x:g}" y="{y + number * LINE_HEIGHT:g}" text-anchor="middle">{escape(row)}</text>'


def wrapped(text: str, width: float) -> list[str]:
    """Lines that fit: broken between words, and between any two Chinese characters; a long word is cut."""
    rows, row = [], ""
    for piece in _pieces(text):
        if row and _width(row + piece.rstrip()) > width:
            rows.append(row.rstrip())
            row = ""
        row += piece if row else piece.lstrip()
    return [*rows, row.rstrip()] if row.strip() else rows


def _pieces(text: str) -> Iterator[str]:
    word = ""
    for char in " ".join(text.split()):
        if _is_wide(char):
            if word:
                yield word
            word = ""
            yield char
        else:
            word += char
            if char in " /-" or len(word) > 24:
                yield word
                word = ""
    if word:
        yield word


def _width(text: str) -> float:
    return sum(FONT_SIZE if _is_wide(char) else FONT_SIZE * 0.55 for char in text)


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF"


def _glyph(path: str, x: float, y: float, scale: float, *, filled: bool = False) -> str:
    kind = "i f" if filled else "i"
    return f'<path class="{kind}" transform="translate({x:g} {y:g}) scale({scale:g})" d="{path}"/>' if path else ""


Place = tuple[float, float, float, float]
"""Left, top, width, height."""


def _bounds(tag: Tag) -> Place:
    found = diagram.bounds(tag)
    return (_near(found.x), _near(found.y), _near(found.width), _near(found.height)) if found else (0.0, 0.0, 0.0, 0.0)


def _point(tag: Tag) -> tuple[float, float]:
    x, y = diagram.point(tag)
    return _near(x), _near(y)


def _near(number: float) -> float:
    """A shape that lies beyond every picture is drawn at its edge."""
    return number if abs(number) < FARTHEST else 0.0
