"""What campaigns brought for what they cost: of all, of each customer group and source, from the books alone."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

import msgspec

from engine import deals, marketing, ports, steering
from engine.people import rights
from engine.people.agent import Agent

MOST = 500
MOST_LEADS = 5000
WON = "won"


class Slice(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a campaign. ``cost`` is the work that its journeys took; None where a share has nothing to be of."""

    key: str
    journeys: int
    orders: int
    cost: float
    revenue: float
    conversion: float | None
    """Journeys that came to an order, in per cent."""
    cost_per_order: float | None


class Return(msgspec.Struct, frozen=True, kw_only=True):
    """One campaign. ``cost`` is its budget and the work on its journeys; ``roi`` is (revenue - cost) / cost."""

    campaign: str
    name: str
    status: str
    budget: float
    sent: int
    answers: int
    leads: int
    won: int
    """Opportunities of its leads that were won."""
    whole: Slice
    cost: float
    revenue: float
    roi: float | None
    groups: tuple[Slice, ...] = ()
    sources: tuple[Slice, ...] = ()


def of_all(engine: ports.Engine, *, agent: Agent) -> list[Return]:
    """The best return first; those without cost last. Raises Forbidden."""
    rights.need(agent, "customer.see")
    with engine.store.reading() as tx:
        known = {one.id: one for one in tx.campaigns.all(MOST)}
        found = [_of(tx, key, known.get(key)) for key in sorted({*known, *tx.journeys.campaigns()})]
    return sorted(found, key=lambda one: (one.roi is None, -(one.roi or 0), one.campaign))


def part(key: str, journeys: Sequence[steering.Journey]) -> Slice:
    stages = [stage for one in journeys for stage in one.stages]
    bought = sum(any(stage["stage"] == "order" and stage["revenue"] for stage in one.stages) for one in journeys)
    cost, revenue = _sum(stage["cost"] for stage in stages), _sum(stage["revenue"] for stage in stages)
    return Slice(
        key=key,
        journeys=len(journeys),
        orders=bought,
        cost=cost,
        revenue=revenue,
        conversion=round(100 * bought / len(journeys), 1) if journeys else None,
        cost_per_order=round(cost / bought, 2) if bought else None,
    )


def revenue_beside(won: Iterable[deals.Opportunity], journeys: Iterable[steering.Journey]) -> float:
    """Of deals from the campaign's leads that no journey counts already."""
    counted = {stage["ref"] for one in journeys for stage in one.stages}
    return _sum(deal.amount for deal in won if deal.id not in counted and deal.lead not in counted)


def _of(tx: ports.Transaction, key: str, known: marketing.Campaign | None) -> Return:
    journeys = tx.journeys.of_campaign(key)
    leads = tx.leads.of_campaign(key, MOST_LEADS)
    won = [deal for deal in tx.opportunities.of_leads([lead.id for lead in leads]) if deal.stage == WON]
    whole = part("", journeys)
    budget = known.budget if known else 0
    cost, revenue = _sum((budget, whole.cost)), _sum((whole.revenue, revenue_beside(won, journeys)))
    answers = tx.campaigns.responses(key)
    return Return(
        campaign=key,
        name=known.name if known else key,
        status=known.status if known else "",
        budget=budget,
        sent=tx.campaigns.outcomes(key).get("sent", 0),
        answers=sum(count for kind, count in answers.items() if kind != "receipt"),
        leads=len(leads),
        won=len(won),
        whole=whole,
        cost=cost,
        revenue=revenue,
        roi=round((revenue - cost) / cost, 2) if cost > 0 else None,
        groups=_parts(journeys, "group"),
        sources=_parts(journeys, "source"),
    )


def _parts(journeys: Sequence[steering.Journey], name: str) -> tuple[Slice, ...]:
    keys = sorted({getattr(one, name) for one in journeys})
    return tuple(part(key, [one for one in journeys if getattr(one, name) == key]) for key in keys)


def _sum(amounts: Iterable[float]) -> float:
    """Exact to the cent."""
    return float(sum((Decimal(str(amount)) for amount in amounts), Decimal(0)))
