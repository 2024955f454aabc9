"""Names in further languages, as modellers write them: the OMG's ``i18n:translation`` and Signavio's meta data."""

import re

from engine.bpmn.dialects.dialect import extensions
from engine.bpmn.tag import Tag
from engine.model.text import EN, ZH

OMG = "http://www.omg.org/spec/BPMN/non-normative/extensions/i18n/1.0"
SIGNAVIO = "http://www.signavio.com"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_KEY = re.compile(r"name[_-]([A-Za-z]{2,3}(?:[_-][A-Za-z]{2,4})*)$")


def names(tag: Tag) -> dict[str, str]:
    """The element's name by language; a language that is said twice keeps its first words.

    The drawn name counts as English, or Chinese where it is, when neither is given: else its readers would see another.
    """
    found: dict[str, str] = {}
    for item in extensions(tag, frozenset({OMG}), "translation"):
        item.take_all()
        if item.attributes.get("target", "@name") in ("@name", "name"):
            _add(found, item.attributes.get(_LANGUAGE, ""), item.text)
    for item in extensions(tag, frozenset({SIGNAVIO}), "signavioTranslation"):
        if item.take_all().attributes.get("attribute", "name") == "name":
            _add(found, item.attributes.get("language", ""), item.text)
    for item in extensions(tag, frozenset({SIGNAVIO}), "signavioMetaData"):
        key = _KEY.match(item.take_all().attributes.get("metaKey", ""))
        if key is not None:
            _add(found, key[1], item.attributes.get("metaValue", ""))
    if found:
        _add(found, ZH if _CHINESE.search(tag.label) else EN, tag.label)
    return found


def _add(found: dict[str, str], language: str, words: str) -> None:
    words = " ".join(words.split())
    if language and words:
        found.setdefault(locale(language), words)


def locale(tag: str) -> str:
    """``zh``, ``zh_cn`` and ``zh-Hans`` are zh-CN here, ``en_us`` is en; another language keeps its tag: ``pt-BR``."""
    first, *rest = re.split(r"[_-]", tag)
    language = first.lower()
    if language == "zh" and not any(part.lower() in ("tw", "hk", "mo", "hant") for part in rest):
        return ZH
    if language == "en":
        return EN
    return "-".join((language, *(part.upper() if len(part) == 2 else part.title() for part in rest)))
