"""The measures of variants measure: few models, every figure, and the promise at fifty nodes with room to spare."""

from bench import inference, proof


def test_a_proof_at_fifty_nodes_keeps_its_promise() -> None:
    (group,) = [group for bounds, group in proof.classes(12) if bounds == (46, 55)]
    assert all(46 <= len(program.nodes) <= 55 for program, _ in group) and len(group) == 12
    figures = proof.measure(group)
    assert (figures["models"], figures["undecided"]) == (12, 0)
    assert 0 < figures["median_ms"] <= figures["p95_ms"] < 50, "milliseconds of CPU"


def test_the_catalogue_is_proved_with_its_rules() -> None:
    cases = list(proof.catalogue())
    assert len(cases) > 20 and any(rules for _, rules in cases)


def test_random_drawings_are_told_whole() -> None:
    figures = inference.measure(inference.at_random(4))
    assert (figures["models"], figures["exact"]) == (4, 4) and figures["max_ms"] > 0


def test_the_catalogues_variants_are_found_again_from_their_programs() -> None:
    pairs = list(inference.catalogue())
    assert inference.measure(iter(pairs[:6]))["exact_percent"] == 100.0
