"""What the company does about itself: processes that are reviewed."""

from engine.sample.case import Case

REVIEWS = (
    Case(
        "X-06",
        "",
        "PR-9801",
        6,
        {"process": "CSS-02", "reason_for_review": "二线响应慢 / the second line is slow", "channel": "api"},
    ),
)
