"""Texts that people read, in each language they read.

A ``Text`` maps a language tag (``zh-CN``, ``en``) to the words. Designers' texts may miss a language; ``pick`` falls
back so that nobody ever sees an empty label.
"""

from collections.abc import Mapping

Text = dict[str, str]

ZH = "zh-CN"
EN = "en"
LOCALES = (ZH, EN)


def both(*, zh: str, en: str) -> Text:
    return {ZH: zh, EN: en}


def pick(text: Mapping[str, str], locale: str, default: str = "") -> str:
    """The words for ``locale``; failing that English, Chinese, any other language, then ``default``."""
    for tag in (locale, EN, ZH):
        if text.get(tag):
            return text[tag]
    return next((words for words in text.values() if words), default)
