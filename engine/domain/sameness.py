"""Whether two entries mean the same party: numbers, addresses and names compared without their dress.

A company's name is compared by its core: 上海华星科技有限公司, 华星科技(上海) and 华星集团 all mean 华星 or 华星科技.
"""

import re
import unicodedata

ALIKE = 0.6
"""From this share of common letter pairs on, two names are probably one."""
_MOBILE = re.compile(r"1[3-9]\d{9}")
_ABROAD = re.compile(r"\+\d{7,15}")
_FIXED = re.compile(r"0\d{9,11}")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_FORMS = (
    ("股份有限公司", "有限责任公司", "集团有限公司", "有限公司", "总公司", "分公司", "集团", "公司"),
    (
        "incorporated",
        "corporation",
        "company limited",
        "co ltd",
        "limited",
        "gmbh",
        "group",
        "corp",
        "inc",
        "ltd",
        "llc",
        "ag",
        "co",
    ),
)
_PLACES = ("北京", "上海", "天津", "重庆", "广州", "深圳", "杭州", "南京", "苏州", "武汉", "成都", "西安", "中国")


def phone(number: str) -> str:
    """``138 0000-0000`` and ``+86 13800000000`` are one number; empty when it is none that can be called."""
    digits = re.sub(r"[\s()\-.]", "", unicodedata.normalize("NFKC", number))
    digits = re.sub(r"^(\+86|0086)(?=1[3-9]|0)", "", digits)
    whole = any(known.fullmatch(digits) for known in (_MOBILE, _ABROAD, _FIXED))
    return digits if whole else ""


def email(address: str) -> str:
    """In small letters; empty when it is no address."""
    plain = unicodedata.normalize("NFKC", address).strip().lower()
    return plain if len(plain) <= 254 and _EMAIL.fullmatch(plain) else ""


def core(name: str) -> str:
    """What is left of a name without place, legal form, brackets and spaces; never empty for a name that is not."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    bare = re.sub(r"[(\[【].*?[)\]】]", "", plain) or plain
    bare = re.sub(r"[^\w\s]", " ", bare)
    chinese, western = _FORMS
    words = re.sub(rf"(\s+({'|'.join(western)}))+\s*$", "", bare.strip())
    words = re.sub(rf"({'|'.join(chinese)})+\s*$", "", words)
    words = re.sub(rf"^({'|'.join(_PLACES)})市?(?=\S{{2}})", "", words)
    return re.sub(r"\s+", "", words) or re.sub(r"\s+", "", plain)


def likeness(one: str, other: str) -> float:
    """0 to 1: twice the common letter pairs of the cores over all of them (Dice)."""
    left, right = core(one), core(other)
    if left == right:
        return 1.0
    pairs, others = _pairs(left), _pairs(right)
    return 2 * len(pairs & others) / (len(pairs) + len(others)) if pairs and others else 0.0


def _pairs(word: str) -> set[str]:
    return {word[at : at + 2] for at in range(len(word) - 1)}
