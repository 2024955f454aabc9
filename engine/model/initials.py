"""The initials of a Chinese word's pinyin: 转交 -> zj. What the command palette is asked for by keyboard.

GB 2312 keeps its 3,755 common characters in the order of their pinyin: the place in that order gives the first letter.
Of characters with several readings the words of the pages decide; rarer characters give no letter.
"""

from bisect import bisect_right

_FIRST = "啊芭擦搭蛾发噶哈击喀垃妈拿哦啪期然撒塌挖昔压匝"
"""The first common character of each letter; no word begins with i, u or v."""
_LETTERS = "abcdefghjklmnopqrstwxyz"
_PLACES = [character.encode("gb2312") for character in _FIRST]
_LAST = "座".encode("gb2312")
_OTHER = {"重": "c", "行": "h", "长": "z"}


def of(text: str) -> str:
    return "".join(_letter(character) for character in text)


def _letter(character: str) -> str:
    if character.isascii():
        return character.lower() if character.isalnum() else ""
    if character in _OTHER:
        return _OTHER[character]
    try:
        place = character.encode("gb2312")
    except UnicodeEncodeError:
        return ""
    return _LETTERS[bisect_right(_PLACES, place) - 1] if _PLACES[0] <= place <= _LAST else ""
