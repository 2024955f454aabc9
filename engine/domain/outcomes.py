"""What a campaign brought: what became of its leads, what came in for what was spent, and who owes an answer."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from engine import marketing
from engine.domain import given
from engine.ports import Handler, JobAnswer, JobCall, Store, Transaction

MOST_LEADS = 2000
OUTCOMES = ("qualified", "unqualified", "shelved", "won", "lost")
LATE = "disposition_late"


class Return(msgspec.Struct, frozen=True, kw_only=True):
    """Money, and leads that came to something; ``roi`` in times of the cost, None without any."""

    leads: int
    qualified: int
    won: int
    revenue: float
    cost: float
    roi: float | None
    cost_per_lead: float | None
    conversion: float
    """Per cent of the leads that were won."""


def handlers(store: Store) -> Mapping[str, Handler]:
    return {
        "campaigns.figures": lambda call: _figures(store, call),
        "campaigns.roi": _roi,
        "leads.block_late": lambda call: store.run(lambda tx: _block_late(tx, call)),
        "leads.unblock": lambda call: store.run(lambda tx: _unblock(tx, call)),
    }


def returned(dispositions: Iterable[Mapping[str, Any]], *, leads: int, cost: float) -> Return:
    """The last word about a lead counts; one that was won was qualified before."""
    last = {str(one.get("lead")): one for one in dispositions}
    counted = Counter(str(one.get("outcome")) for one in last.values())
    revenue = sum(float(one.get("amount") or 0) for one in last.values() if one.get("outcome") == "won")
    return Return(
        leads=leads,
        qualified=counted["qualified"] + counted["won"] + counted["lost"],
        won=counted["won"],
        revenue=round(revenue, 2),
        cost=round(cost, 2),
        roi=round((revenue - cost) / cost, 2) if cost > 0 else None,
        cost_per_lead=round(cost / leads, 2) if leads else None,
        conversion=round(100 * counted["won"] / leads, 1) if leads else 0,
    )


def _figures(store: Store, call: JobCall) -> JobAnswer:
    """``dispositions`` are known from opportunities that are closed; ``missing`` are the other leads by their owner."""
    campaign = given.text(call, "campaign")
    with store.reading() as tx:
        known = given.campaign(tx, call)
        outcomes, answers = tx.campaigns.outcomes(campaign), tx.campaigns.responses(campaign)
        told, missing, leads = _leads(tx, known)
    sent = outcomes.get("sent", 0)
    heard = sum(count for kind, count in answers.items() if kind in ("click", "reply", "complaint", "unsubscribe"))
    figures = {
        "sent": sent,
        "left_out": sum(outcomes.values()) - sent,
        "answers": heard,
        "bounces": answers.get("bounce", 0),
        "opt_outs": answers.get("unsubscribe", 0),
        "response_pct": round(100 * heard / sent, 1) if sent else 0,
        "leads": leads,
        "expected_leads": known.expected_leads,
    }
    return JobAnswer(
        data={
            "figures": figures,
            "known_dispositions": told,
            "missing": missing,
            "campaign_status": known.status,
            "campaign": {"campaignId": known.id, "name": known.name, "goal": known.goal or "brand"},
        }
    )


def _leads(tx: Transaction, campaign: marketing.Campaign) -> tuple[list[dict[str, Any]], list[dict[str, Any]], int]:
    leads = tx.leads.of_campaign(campaign.id, MOST_LEADS)
    pursued = {one.lead: one for one in tx.opportunities.of_leads([lead.id for lead in leads])}
    told, owed = [], defaultdict(list)
    for lead in leads:
        deal = pursued.get(lead.id)
        if deal is not None and deal.stage in ("won", "lost"):
            told.append({"lead": lead.id, "outcome": deal.stage, "amount": deal.amount, "reason": deal.reason})
        else:
            owed[(deal.owner if deal else "") or lead.owner].append(
                {"lead": lead.id, "name": lead.company or lead.name}
            )
    missing = [{"owner": owner or None, "leads": theirs} for owner, theirs in sorted(owed.items())]
    return told, missing, len(leads)


def _roi(call: JobCall) -> JobAnswer:
    """Of what is known and what people reported; a person's word comes after the data's.

    ``target_met``: the revenue covers the cost, or with the ``measure`` ``leads`` as many qualified as were expected.
    """
    figures = call.input.get("figures")
    if not isinstance(figures, Mapping):
        raise given.wrong(call, "figures", zh="活动数字", en="the figures of the campaign")
    reported = [one for report in given.items(call, "reports") if isinstance(report, list) for one in report]
    known = given.rows(call, "known")
    cost = _cost(given.rows(call, "cost_lines")) or given.number(call, "estimated_cost", 0)
    for one in reported:
        if not isinstance(one, Mapping) or one.get("outcome") not in OUTCOMES:
            raise given.wrong(
                call, "reports", zh=f"结果为：{'、'.join(OUTCOMES)}", en=f"outcomes of {', '.join(OUTCOMES)}"
            )
    made = returned([*known, *reported], leads=int(figures.get("leads") or 0), cost=cost)
    by_leads = given.text(call, "measure", "revenue") == "leads"
    met = made.qualified >= int(figures.get("expected_leads") or 0) if by_leads else made.revenue >= made.cost
    return JobAnswer(data={"result": {**msgspec.to_builtins(made), "target_met": met}})


def _cost(lines: Sequence[Mapping[str, Any]]) -> float:
    return sum(float(line.get("money") or 0) for line in lines)


def _block_late(tx: Transaction, call: JobCall) -> JobAnswer:
    """Whoever still owes the step's work gets no new leads."""
    step = given.text(call, "step")
    late = [one for one in tx.waits.work_items(call.instance_id) if one.node == step and one.status == "open"]
    people = sorted({one.assignee for one in late if one.assignee})
    for person in people:
        tx.leads.block(person, LATE, call.now)
    return JobAnswer(data={"blocked": people})


def _unblock(tx: Transaction, call: JobCall) -> JobAnswer:
    tx.leads.unblock([str(one) for one in given.items(call, "people") if one])
    return JobAnswer()
