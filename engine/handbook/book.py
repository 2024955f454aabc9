"""All process folders of a catalogue as pages: an index, a chapter with its picture each, and what differs where."""

from collections.abc import Iterable
from pathlib import Path

from engine import errors
from engine.bpmn import svg
from engine.compare import folders
from engine.handbook import chapter, differing
from engine.handbook.differing import Told
from engine.handbook.tell import Book
from engine.model.text import EN, ZH, both, pick
from engine.sample import staff
from engine.variants.words import Words

LANGUAGES = {"zh": ZH, "en": EN}
PILLARS = {
    "MA": both(zh="营销", en="Marketing"),
    "SFA": both(zh="销售", en="Sales"),
    "CSS": both(zh="服务", en="Service"),
    "X": both(zh="跨流程", en="Across all"),
}
TITLE = both(zh="流程手册", en="The handbook of processes")
LEAD = both(
    zh="每个流程一章：做什么、由谁、多快、客户得到什么，以及哪些客户群办得不同、为什么。",
    en="A chapter for each process: what is done, by whom, how fast, what the customer has of it, and for which "
    "customer groups it is done otherwise, and why.",
)
DIFFERING = both(zh="哪里不同", en="What differs where")
MADE = "<!-- Written by `crmflow handbook`; change the process folders instead. -->\n\n"


def pages(catalogue: Path) -> dict[str, str]:
    """Path below the book's folder -> content. Raises Invalid for a folder that cannot be read."""
    known = folders.groups(catalogue)
    loaded = {path: folders.load(path) for path in sorted(catalogue.iterdir()) if (path / "process.json").is_file()}
    names = {one.name: one.definition.names for one in loaded.values() if one.definition}
    words = Words(staff=staff.GROUPS, processes=names)
    read: dict[str, Told] = {}
    for path, one in loaded.items():
        read[one.name] = differing.told(one, folders.compositions(path, one, known=known, words=words))
    if not read:
        raise errors.NotFound(
            "catalogue_empty",
            zh=f"{catalogue} 中没有流程文件夹",
            en=f"there is no process folder in {catalogue}",
            id=str(catalogue),
        )
    groups = {key: one.names for key, one in known.items()}
    made = {"README.md": _front(read)}
    for short, locale in LANGUAGES.items():
        book = Book(locale, staff.GROUPS, names)
        made[f"{short}/README.md"] = _index(read, groups, book)
        for key, told in read.items():
            made[f"{short}/{key}.md"] = MADE + chapter.write(told.folder, told.composed, groups, book)
            made[f"{short}/{key}.svg"] = _picture(told, locale)
        table = "\n".join(differing.write(read, groups, book))
        made[f"{short}/differences.md"] = f"{MADE}# {pick(DIFFERING, locale)}\n\n{book('letters')}\n\n{table}\n"
    return made


def write(catalogue: Path, out: Path) -> int:
    """How many pages were written; pages of processes that are gone are taken away."""
    made = pages(catalogue)
    for old in [*out.glob("*/*.md"), *out.glob("*/*.svg")]:
        if old.relative_to(out).as_posix() not in made:
            old.unlink()
    for name, content in made.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text(content, encoding="utf-8")
    return len(made)


def _front(read: dict[str, Told]) -> str:
    title, lead = (f"{text[ZH]} · {text[EN]}" for text in (TITLE, both(zh="中文", en="English")))
    return f"{MADE}# {title}\n\n* [{LEAD[ZH]}](zh/README.md)\n* [{LEAD[EN]}](en/README.md)\n\n{len(read)} · {lead}\n"


def _index(read: dict[str, Told], groups: Iterable[str], book: Book) -> str:
    parts = [f"# {pick(TITLE, book.locale)}", pick(LEAD, book.locale)]
    parts.append(f"[{pick(DIFFERING, book.locale)}](differences.md)")
    for pillar, name in PILLARS.items():
        rows = [
            f"| [{book.process(key)}]({key}.md) | {book.text(told.definition.purpose)} | "
            f"{', '.join(key for key in groups if any(one.group == key for one in told.composed))} |"
            for key, told in read.items()
            if told.definition.pillar == pillar
        ]
        if rows:
            heads = f"| {book('process')} | {book('purpose')} | {book('differing')} |"
            parts.append(f"## {pick(name, book.locale)}\n\n{heads}\n|---|---|---|\n" + "\n".join(rows))
    return MADE + "\n\n".join(parts) + "\n"


def _picture(told: Told, locale: str) -> str:
    elements = (*told.program.nodes, *told.program.flows)
    names = {one.id: pick(one.texts, locale, one.name) for one in elements if one.texts}
    names |= {lane: pick(texts, locale) for lane, texts in told.definition.lanes.items()}
    names |= {pool: pick(told.definition.names, locale) for pool in svg.pools(told.folder.drawing)}
    badges = {step: list(groups) for step, groups in told.cells.items() if step}
    return svg.draw(told.folder.drawing, names=names, badges=badges)
