"""A sum parted by weights, to the cent. Pure."""

from collections.abc import Sequence


def of_team(owner: str, members: Sequence[str], owner_share: float) -> list[tuple[str, float]]:
    """(who, per cent) of a deal, adding up to 100: the owner's share, the rest equally among the others of the team."""
    others = list(dict.fromkeys(one for one in members if one != owner))
    if not others:
        return [(owner, 100.0)]
    rest = split(100 - owner_share, [1] * len(others))
    return [(owner, owner_share), *zip(others, rest, strict=True)]


def split(amount: float, weights: Sequence[float]) -> list[float]:
    """In the proportion of the weights, equally where none weighs anything; the cents add up to the amount.

    What rounding leaves goes cent by cent to whom most was taken from, the first where it is the same. An amount below
    nothing is parted as one above.
    """
    if amount < 0:
        return [-share for share in split(-amount, weights)]
    cents, whole = round(amount * 100), sum(weights)
    parts = [cents * weight / whole if whole else cents / len(weights) for weight in weights]
    given_out = [int(part) for part in parts]
    by_rest = sorted(range(len(parts)), key=lambda place: (given_out[place] - parts[place], place))
    for place in by_rest[: cents - sum(given_out)]:
        given_out[place] += 1
    return [share / 100 for share in given_out]
