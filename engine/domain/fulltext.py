"""Words of a text in Chinese and other languages, and how well a text answers what is asked.

Latin words are themselves in small letters; Chinese has no spaces, so each two neighbours are a term, and a sign
that stands alone is one. What is found is weighed by how rare a term is and how often it stands there (as BM25 does,
without the length of the text).
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping

TERM_MOST = 40
"""Characters of a term that are kept; longer words are cut."""
ASKED_MOST = 60
"""Terms of a question that are looked at."""
_WORD = re.compile(r"[\u3400-\u9fff]+|[^\W_\u3400-\u9fff]+")
_SATURATION = 1.2


def terms(text: str) -> list[str]:
    """In their order, as often as they stand there."""
    found: list[str] = []
    for word in _WORD.findall(unicodedata.normalize("NFKC", text).casefold()):
        if "\u3400" <= word[0] <= "\u9fff":
            found += [word[at : at + 2] for at in range(max(len(word) - 1, 1))]
        else:
            found.append(word[:TERM_MOST])
    return found


def weights(parts: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Of each term over all parts of a text: (words, how much they count)."""
    counted: Counter[str] = Counter()
    for words, weight in parts:
        for term in terms(words):
            counted[term] += weight
    return dict(counted)


def asked(question: str) -> list[str]:
    """The different terms of a question, the first ones of a long one."""
    return list(dict.fromkeys(terms(question)))[:ASKED_MOST]


def rank(postings: Mapping[str, Mapping[str, int]], texts: int) -> list[tuple[str, float]]:
    """(key, mark), best first, from term -> key -> weight; ``texts``: how many there are in all."""
    marks: dict[str, float] = {}
    for holders in postings.values():
        rare = math.log(1 + (texts - len(holders) + 0.5) / (len(holders) + 0.5))
        for key, weight in holders.items():
            marks[key] = marks.get(key, 0.0) + max(rare, 0.01) * weight * (_SATURATION + 1) / (weight + _SATURATION)
    return sorted(((key, round(mark, 6)) for key, mark in marks.items()), key=lambda one: (-one[1], one[0]))
