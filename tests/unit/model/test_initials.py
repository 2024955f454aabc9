"""The first letters of pinyin, by which the palette finds Chinese words."""

import pytest

from engine.model import initials

WORDS = [
    ("转交", "zj"),
    ("委派", "wp"),
    ("加签", "jq"),
    ("退回", "th"),
    ("催办", "cb"),
    ("抄送", "cs"),
    ("领取", "lq"),
    ("我的待办", "wddb"),
    ("通知", "tz"),
    ("发起", "fq"),
    ("客户", "kh"),
    ("流程", "lc"),
    ("银行", "yh"),
    ("啊", "a"),
    ("座", "z"),
    ("额", "e"),
    ("哦", "o"),
    ("KA 大客户", "kadkh"),
    ("发起：报价", "fqbj"),
    ("", ""),
    ("、。！", ""),
    ("\U00020000", ""),
]


@pytest.mark.parametrize(("words", "letters"), WORDS)
def test_each_common_character_gives_its_letter(words: str, letters: str) -> None:
    assert initials.of(words) == letters
