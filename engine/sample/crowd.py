"""More customers than one would write down by hand, the same ones every time."""

import random
from collections.abc import Iterator
from typing import Any

from engine.sample.clients import LAPSED, LEAVING, PROSPECT, Client

SEED = 2026
_PLACES = ("上海", "北京", "深圳", "杭州", "成都", "武汉", "西安", "南京", "青岛", "厦门", "长沙", "沈阳")
_ABROAD = ("Singapore", "Hamburg", "Toronto", "Sydney", "Rotterdam", "Osaka")
_FIRST = (
    "长风",
    "海拓",
    "云起",
    "金石",
    "百川",
    "启明",
    "众诚",
    "绿源",
    "锦程",
    "天工",
    "远景",
    "和润",
    "科达",
    "新维",
)
_TRADES = (
    ("精密机械", "Machinery", "manufacturing"),
    ("食品", "Foods", "food"),
    ("物流", "Freight", "logistics"),
    ("软件", "Software", "software"),
    ("连锁超市", "Stores", "retail"),
    ("医疗器械", "Medical", "health"),
    ("教育", "Learning", "education"),
    ("新能源", "Energy", "energy"),
)
_ENGLISH = ("Baltic", "Crescent", "Dover", "Elm Street", "Falcon", "Granite", "Highland", "Ivory", "Juniper", "Kestrel")
_FAMILY, _GIVEN = "王李张刘陈杨黄赵吴周徐孙", ("伟", "芳", "娜", "敏", "静", "强", "磊", "洋", "艳", "勇", "杰", "婷")
_SELLERS = ("lina", "chenjie", "zhaomin", "sunlei", "gaoyan")

# first number, how many, least and most of current and of potential value, owners, what else is known of them
_BANDS: tuple[tuple[int, int, tuple[int, int], tuple[int, int], tuple[str, ...], dict[str, Any]], ...] = (
    (1101, 16, (68, 85), (18, 35), ("wangfang",), {}),
    (1601, 54, (28, 46), (22, 36), _SELLERS, {}),
    (3101, 130, (6, 30), (2, 15), (*_SELLERS, "", ""), {}),
    (4101, 28, (0, 0), (8, 40), ("",), PROSPECT),
    (4601, 14, (18, 42), (6, 14), _SELLERS, LEAVING),
)


def clients() -> Iterator[Client]:
    """Beside those of ``clients.CLIENTS``, whose numbers they do not use."""
    chance = random.Random(SEED)
    names: set[str] = set()
    for first, count, current, potential, owners, known in _BANDS:
        for number in range(first, first + count):
            foreign = chance.random() < 0.15
            private = first == 3101 and chance.random() < 0.4
            name, industry = _name(chance, foreign=foreign, private=private, taken=names)
            more = {**known, **({"language": "en"} if foreign else {})}
            if first == 3101 and chance.random() < 0.1:
                more |= LAPSED
            owner = "sophie" if foreign and owners != ("",) else chance.choice(owners)
            yield Client(
                number=f"C-{number}",
                name=name,
                current=chance.randint(*current),
                potential=chance.randint(*potential),
                owner="" if private else owner,
                city=chance.choice(_ABROAD if foreign else _PLACES),
                industry=industry,
                more=more,
            )


def _name(chance: random.Random, *, foreign: bool, private: bool, taken: set[str]) -> tuple[str, str]:
    """A name that nobody has yet, and the trade."""
    while True:
        zh, en, industry = chance.choice(_TRADES)
        if private and not foreign:
            name, industry = chance.choice(_FAMILY) + chance.choice(_GIVEN) + chance.choice(("", *_GIVEN)), "private"
        elif foreign:
            name = f"{chance.choice(_ENGLISH)} {en}"
        else:
            name = chance.choice(_PLACES) + chance.choice(_FIRST) + zh
        if name not in taken:
            taken.add(name)
            return name, industry
