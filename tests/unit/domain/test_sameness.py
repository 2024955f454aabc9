"""Whether two entries mean the same party: numbers, addresses and names, however they are dressed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain import sameness

MOBILE = "13812345678"


@pytest.mark.parametrize(
    "written",
    ["13812345678", "138 1234 5678", "138-1234-5678", "+8613812345678", "+86 138 1234 5678", "008613812345678",
     "(138) 1234.5678", "１３８１２３４５６７８", "+86-138-1234-5678", " 13812345678 ", "138\u00a01234\u00a05678"],
)  # fmt: skip
def test_one_mobile_number_in_many_dresses(written: str) -> None:
    assert sameness.phone(written) == MOBILE


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("010-12345678", "01012345678"),
        ("+86 010 12345678", "01012345678"),
        ("0755 1234567", "07551234567"),
        ("+1 (202) 555-0142", "+12025550142"),
        ("+44 20 7946 0958", "+442079460958"),
        ("+861234567890", "+861234567890"),
        ("", ""),
        ("110", ""),
        ("12812345678", ""),
        ("1381234567", ""),
        ("138123456789", ""),
        ("13812345678 ext 5", ""),
        ("+86", ""),
        ("+123456", ""),
        ("+1234567890123456", ""),
        ("call me", ""),
        ("13812345678\x00", ""),
        ("0" * 5000, ""),
    ],
)
def test_what_can_be_called_has_one_form_and_the_rest_has_none(written: str, plain: str) -> None:
    assert sameness.phone(written) == plain


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("a@b.cn", "a@b.cn"),
        (" A@B.CN ", "a@b.cn"),
        ("ａ＠ｂ.ｃｎ", "a@b.cn"),
        ("first.last+tag@mail.example.com", "first.last+tag@mail.example.com"),
        ("李@例子.中国", "李@例子.中国"),
        ("", ""),
        ("a@b", ""),
        ("@b.cn", ""),
        ("a@", ""),
        ("a@b..cn", ""),
        ("a@.cn", ""),
        ("a b@c.cn", ""),
        ("a@b@c.cn", ""),
        ("x" * 65 + "@b.cn", ""),
        ("a@" + "b" * 300 + ".cn", ""),
    ],
)
def test_an_address_is_in_small_letters_or_none(written: str, plain: str) -> None:
    assert sameness.email(written) == plain


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("上海华星科技有限公司", "华星科技（上海）有限公司"),
        ("华星集团", "华星集团有限公司"),
        ("北京明远电子股份有限公司", "明远电子"),
        ("Bright Labs GmbH", "BRIGHT LABS Ltd."),
        ("Bright Labs Co., Ltd.", "bright  labs"),
        ("Bright-Labs Inc", "Bright Labs, Inc."),
        ("ＡＢＣ Corp", "abc"),
        ("深圳市大海科技有限责任公司", "大海科技"),
    ],
)
def test_two_names_of_one_company(one: str, other: str) -> None:
    assert sameness.core(one) == sameness.core(other)
    assert sameness.likeness(one, other) == 1.0


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("华星科技", "华星科技服务", True),
        ("明远电子", "明远电子元件", True),
        ("Bright Labs", "Bright Laboratories", True),
        ("华星科技", "青禾科技", False),
        ("王磊", "王雷", False),
        ("李", "李", True),
        ("李", "李四", False),
        ("Acme", "Acne", False),
        ("", "", True),
        ("", "华星", False),
    ],
)
def test_names_that_are_probably_one(one: str, other: str, alike: bool) -> None:
    assert (sameness.likeness(one, other) >= sameness.ALIKE) is alike


NAMES = st.text(alphabet="华星科技上海有限公司集团AbcGmbH Ltd.()（）- ", max_size=20)


@given(NAMES, NAMES)
@settings(max_examples=200, deadline=None)
def test_likeness_is_the_same_both_ways_and_between_none_and_all(one: str, other: str) -> None:
    found = sameness.likeness(one, other)
    assert found == sameness.likeness(other, one)
    assert 0.0 <= found <= 1.0
    assert sameness.likeness(one, one) == 1.0


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_a_core_is_only_empty_for_a_name_that_is(name: str) -> None:
    found = sameness.core(name)
    assert bool(found) == bool("".join(name.split())) or not found.strip()
    assert not any(letter.isspace() for letter in found)


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from([" ", "-", ".", ""]), st.booleans())
@settings(max_examples=100, deadline=None)
def test_a_number_stays_the_same_however_it_is_parted(number: str, between: str, abroad: bool) -> None:
    written = between.join((number[:3], number[3:7], number[7:]))
    assert sameness.phone(("+86 " if abroad else "") + written) == number
    assert sameness.phone(sameness.phone(written)) == number


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_reading_again_what_was_read_changes_nothing(text: str) -> None:
    for read in (sameness.phone, sameness.email):
        assert read(read(text)) == read(text)


@pytest.mark.parametrize("text", ["(" * 5000, "有限公司" * 2000, "co " * 3000, "上海" * 3000, "【" * 5000])
def test_a_hostile_name_takes_no_long_time(text: str) -> None:
    assert isinstance(sameness.core(text), str)
