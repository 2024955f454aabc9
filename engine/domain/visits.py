"""Engineers' visits: who is free and can do it, booked once, and what they cost.

Booking is atomic for each engineer: two visits of one engineer never overlap, with the travel between them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from engine import agenda, care, errors, records
from engine.domain import given, presence
from engine.hours import keep
from engine.ports import Handler, JobAnswer, JobCall, Store, Transaction
from engine.records import Person
from engine.schedule import calendars

LOOK_AHEAD = 30
"""Days in which a slot is looked for."""
QUARTER = timedelta(minutes=15)
Span = tuple[datetime, datetime]
Busy = care.Visit | agenda.Appointment | records.Absence
"""Why an engineer cannot come: another visit, a meeting, or not being there."""


def handlers(store: Store) -> Mapping[str, Handler]:
    return {
        "visits.propose": lambda call: _propose(store, call),
        "visits.book": lambda call: store.run(lambda tx: _book(tx, call)),
        "visits.cancel": lambda call: store.run(lambda tx: _end(tx, call, "cancelled")),
        "visits.settle": lambda call: store.run(lambda tx: _settle(tx, call)),
    }


def clashes(booked: Iterable[Busy], slot: Span, travel: timedelta) -> list[Busy]:
    """What leaves no time for the way before or after ``slot``."""
    begin, end = slot
    return [one for one in booked if one.starts_at < end + travel and begin < one.ends_at + travel]


def first_slot(
    booked: Sequence[Busy], *, calendar: calendars.Calendar, after: datetime, length: timedelta, travel: timedelta
) -> datetime | None:
    """The beginning of the first free slot within one span of open hours; None within the days looked at."""
    for begin, end in _open(calendar, after):
        start = begin
        while start + length <= end:
            in_the_way = clashes(booked, (start, start + length), travel)
            if not in_the_way:
                return start
            start = _quarter(max(one.ends_at for one in in_the_way) + travel)
    return None


def _open(calendar: calendars.Calendar, after: datetime) -> Iterator[Span]:
    day, zone = after.astimezone(calendar.tz).date(), calendar.tz
    for number in range(LOOK_AHEAD):
        today = day + timedelta(days=number)
        midnight = datetime(today.year, today.month, today.day, tzinfo=zone)
        for opens, closes in calendars.spans(calendar, today):
            begin, end = (midnight + timedelta(minutes=minutes) for minutes in (opens, closes))
            if end > after:
                yield max(begin.astimezone(UTC), _quarter(after)), end.astimezone(UTC)


def _quarter(moment: datetime) -> datetime:
    """The next full quarter of an hour."""
    past = timedelta(minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond)
    return moment + (QUARTER - past if past else timedelta())


def _able(tx: Transaction, call: JobCall) -> list[Person]:
    team, skills = given.text(call, "team"), set(given.items(call, "skills"))
    not_these = given.items(call, "not_engineers")
    return [
        one
        for one in tx.people.all()
        if one.active and team in one.groups and skills <= set(one.skills) and one.key not in not_these
    ]


def _propose(store: Store, call: JobCall) -> JobAnswer:
    """Who of the team has all the skills and is free first; no engineer when nobody can or is."""
    after = given.moment(call, "earliest", call.now).astimezone(UTC)
    after, length, travel = max(after, call.now), _length(call), given.span(call, "travel", timedelta(minutes=30))
    span = (after - timedelta(days=1), after + timedelta(days=LOOK_AHEAD + 1))
    with store.reading() as tx:
        calendar = _calendar(tx, call)
        able = _able(tx, call)
        booked = tx.visits.booked([one.key for one in able], *span)
        busy = {one.key: _busy(tx, one.key, span) for one in able}
    found = []
    for person in able:
        own = [one for one in booked if one.engineer == person.key]
        start = first_slot([*own, *busy[person.key]], calendar=calendar, after=after, length=length, travel=travel)
        if start is not None:
            found.append((start, len(own), person.key))
    if not found:
        return JobAnswer(data={"engineer": None, "slot_start": None, "slot_end": None})
    start, _, engineer = min(found)
    return JobAnswer(
        data={"engineer": engineer, "slot_start": start.isoformat(), "slot_end": (start + length).isoformat()}
    )


def _busy(tx: Transaction, engineer: str, span: Span) -> list[Busy]:
    """Meetings and absences that touch the span."""
    return [*tx.diary.booked([engineer], *span), *presence.away(tx, [engineer], *span)]


def _calendar(tx: Transaction, call: JobCall) -> calendars.Calendar:
    found = keep.of(tx, given.text(call, "calendar", "cn-5x8"))
    if found is None:
        raise given.wrong(call, "calendar", zh="已知的日历", en="a known calendar")
    return found


def _length(call: JobCall) -> timedelta:
    length = given.span(call, "length", timedelta(hours=2))
    if not timedelta() < length <= timedelta(hours=12):
        raise given.wrong(call, "length", zh="不超过 12 小时的时长", en="a duration of up to 12 hours")
    return length


def _book(tx: Transaction, call: JobCall) -> JobAnswer:
    """``slot_taken`` when the engineer has something else there, or is away; a visit booked before under this number
    is let go."""
    engineer, number = given.text(call, "engineer"), given.text(call, "visit")
    begin = given.moment(call, "starts_at", call.now).astimezone(UTC)
    end = given.moment(call, "ends_at", call.now).astimezone(UTC)
    if end <= begin:
        raise given.wrong(call, "ends_at", zh="晚于开始的时间点", en="a moment after the beginning")
    tx.visits.lock(engineer)
    tx.diary.lock(engineer)
    if tx.visits.get(call.id) is None:
        travel = given.span(call, "travel", timedelta(minutes=30))
        around = tx.visits.booked([engineer], begin - travel, end + travel)
        others: list[Busy] = [one for one in around if one.visit_no != number]
        others += _busy(tx, engineer, (begin - travel, end + travel))
        if clashes(others, (begin, end), travel):
            return JobAnswer(error="slot_taken", message=f"{engineer} {begin.isoformat()}")
        for old in tx.visits.of_number(number):
            if old.status == "booked":
                tx.visits.put(msgspec.structs.replace(old, status="cancelled"))
        customer = call.customer.id if call.customer else ""
        tx.visits.put(
            care.Visit(id=call.id, engineer=engineer, customer=customer, visit_no=number, starts_at=begin, ends_at=end)
        )
    return JobAnswer(data={"booked": True})


def _end(tx: Transaction, call: JobCall, status: str) -> JobAnswer:
    for one in tx.visits.of_number(given.text(call, "visit")):
        if one.status == "booked":
            tx.visits.put(msgspec.structs.replace(one, status=status))
    return JobAnswer()


def _settle(tx: Transaction, call: JobCall) -> JobAnswer:
    """Labour and parts at list price; under warranty the customer pays nothing. The visit is done.

    Raises NotFound for a part that the product table does not know.
    """
    hours = given.number(call, "minutes") / 60
    if hours < 0:
        raise given.wrong(call, "minutes", zh="不小于零的分钟数", en="minutes from zero on")
    labour = round(hours * given.number(call, "rate"), 2)
    parts = round(sum(_price(tx, sku) * qty for sku, qty in given.pieces(call, "parts").items()), 2)
    _end(tx, call, "done")
    free = call.input.get("warranty") is True
    return JobAnswer(data={"labour": labour, "parts_cost": parts, "bill": 0.0 if free else round(labour + parts, 2)})


def _price(tx: Transaction, sku: str) -> float:
    product = tx.ledger.product(sku)
    if product is None:
        raise errors.NotFound("product_unknown", zh=f"没有备件 {sku}", en=f"there is no part {sku!r}", sku=sku)
    return product.list_price
