"""Phrases: one's own and everybody's, kept once, by who may."""

import pytest

from engine import errors, records
from engine.inbox import phrases
from engine.people.agent import Agent
from tests.house import ANNA, BO, BOSS, House


def keep(
    home: House, agent: Agent = ANNA, *, everybody: bool = False, kind: str = "approve", **texts: str
) -> records.Phrase:
    said = {
        {"zh": "zh-CN"}.get(name, name): words for name, words in (texts or {"zh": "同意。", "en": "Agreed."}).items()
    }
    return phrases.keep(home.engine, kind=kind, texts=said, everybody=everybody, agent=agent, now=home.now)


def shown(home: House, agent: Agent) -> list[tuple[str, str]]:
    return [(one.owner, one.texts["en"]) for one in phrases.shown(home.engine, agent=agent)]


def test_ones_own_first_and_then_everybodys(home: House) -> None:
    keep(home, BOSS, everybody=True, en="House rule")
    keep(home, en="Mine", kind="reject")
    keep(home, BO, en="His")
    assert shown(home, ANNA) == [("anna", "Mine"), ("", "House rule")]
    assert shown(home, BO) == [("bo", "His"), ("", "House rule")]


def test_the_same_words_again_change_nothing(home: House) -> None:
    assert keep(home).id == keep(home, zh=" 同意。 ", en="Agreed.").id
    assert keep(home, kind="comment").id != keep(home).id
    assert len(shown(home, ANNA)) == 2


def test_only_administrators_keep_and_drop_everybodys(home: House) -> None:
    with pytest.raises(errors.Forbidden):
        keep(home, everybody=True)
    made = keep(home, BOSS, everybody=True)
    with pytest.raises(errors.Forbidden):
        phrases.drop(home.engine, phrase_id=made.id, agent=ANNA)
    phrases.drop(home.engine, phrase_id=made.id, agent=BOSS)
    assert shown(home, ANNA) == []


def test_nobody_drops_what_is_anothers(home: House) -> None:
    made = keep(home)
    for agent in (BO, BOSS):
        with pytest.raises(errors.NotFound):
            phrases.drop(home.engine, phrase_id=made.id, agent=agent)
    phrases.drop(home.engine, phrase_id=made.id, agent=ANNA)
    assert shown(home, ANNA) == []


@pytest.mark.parametrize(
    ("kind", "words", "code"),
    [("dance", "x", "phrase_kind"), ("approve", " ", "phrase_text"), ("approve", "x" * 301, "phrase_text")],
)
def test_bad_phrases_are_refused_in_both_languages(home: House, kind: str, words: str, code: str) -> None:
    with pytest.raises(errors.Invalid) as caught:
        keep(home, kind=kind, en=words)
    assert caught.value.code == code and set(caught.value.text) == {"zh-CN", "en"}


def test_there_is_a_most(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phrases, "MOST", 2)
    keep(home, en="a")
    keep(home, en="b")
    with pytest.raises(errors.Invalid, match="At most 2"):
        keep(home, en="c")
    keep(home, BO, en="c")
