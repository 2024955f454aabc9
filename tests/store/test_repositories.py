"""What each repository keeps comes back as it was put, in its order, on both databases."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from engine import binding, records, variation
from engine.model.program import Program
from engine.repositories import Stale
from engine.store.unit_of_work import Store, Transaction
from tests.store.rows import NOW, customer, ground, process

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
TEXT = {"zh-CN": "名", "en": "name"}


def later(record: Any, **more: Any) -> Any:
    return msgspec.structs.replace(record, **more)


# --- catalogue -------------------------------------------------------------------------------------------------------


def version(n: int, **more: Any) -> records.BaseVersion:
    values = {"process": "SFA-03", "n": n, "resource_id": "d-1", "status": "draft", "created_at": NOW}
    return records.BaseVersion(**values | {"created_by": "boss"} | more)


def deploy(tx: Transaction, key: str = "d-1") -> tuple[records.Deployment, records.Resource]:
    made = records.Deployment(id=key, name="first", source="upload", created_at=NOW, created_by="boss")
    resource = records.Resource(
        id=key, deployment_id=key, name="p.bpmn", kind="bpmn", content=b"\x00<x/>\xff", sha256="a"
    )
    tx.processes.deploy(made, [resource])
    return made, resource


def test_a_process_is_put_again_and_keeps_counting_its_numbers(store: Store) -> None:
    with store.transaction() as tx:
        tx.processes.put(process())
        tx.processes.put(process("CSS-01"))
        assert [tx.processes.number("SFA-03") for _ in range(2)] == ["SFA-03-000001", "SFA-03-000002"]
        changed = later(process(), texts=TEXT, owner="anna", details={"purpose": "卖"})
        tx.processes.put(changed)
        assert tx.processes.number("SFA-03") == "SFA-03-000003"
        assert tx.processes.number("CSS-01") == "CSS-01-000001"
    with store.reading() as tx:
        assert tx.processes.get("SFA-03") == changed
        assert tx.processes.get("none") is None
        assert [one.key for one in tx.processes.all()] == ["CSS-01", "SFA-03"]


def test_a_program_is_kept_once_under_its_hash(store: Store) -> None:
    with store.transaction() as tx:
        sha256 = ground(tx)
        assert tx.programs.add(Program(key="SFA-03"), process="SFA-03", now=NOW + DAY) == sha256
        assert tx.programs.get(sha256) == Program(key="SFA-03")
        assert tx.programs.get("0" * 64) is None


def test_a_deployment_and_its_files_come_back_byte_for_byte_and_go_together(store: Store) -> None:
    with store.transaction() as tx:
        made, resource = deploy(tx)
        deploy(tx, "d-2")
    with store.transaction() as tx:
        assert tx.processes.deployment("d-1") == made
        assert tx.processes.resource("d-1") == resource
        assert tx.processes.resources("d-1") == [resource]
        tx.processes.remove_deployment("d-1")
        assert (tx.processes.deployment("d-1"), tx.processes.resource("d-1")) == (None, None)
        assert tx.processes.resources("d-1") == []
        assert tx.processes.deployment("d-2") is not None


def test_the_released_version_is_the_newest_of_those_that_are(store: Store) -> None:
    with store.transaction() as tx:
        tx.processes.put(process())
        deploy(tx)
        assert tx.processes.released("SFA-03") is None
        for n in (1, 2, 3):
            tx.processes.put_version(version(n))
        for n, status, wanted in ((1, "released", 1), (3, "released", 3), (3, "retired", 1)):
            tx.processes.put_version(version(n, status=status, released_at=NOW, released_by="boss"))
            found = tx.processes.released("SFA-03")
            assert found is not None and found.n == wanted
        assert [one.n for one in tx.processes.versions("SFA-03")] == [3, 2, 1]
        tx.processes.remove_version(version(2))
        assert tx.processes.version("SFA-03", 2) is None
        assert tx.processes.version("SFA-03", 1) == version(
            1, status="released", released_at=NOW, released_by="boss"
        )  # fmt: skip
        assert [one.n for one in tx.processes.versions("SFA-03")] == [3, 1]
        assert tx.processes.versions("CSS-01") == []


def test_a_binding_replaces_the_one_before_and_is_dropped_once(store: Store) -> None:
    first = binding.Binding(handler="com.a.B", kind="handler", target="log", bound_at=NOW, bound_by="boss")
    second = later(first, kind="topic", target="mail", bound_at=NOW + DAY)
    with store.transaction() as tx:
        for one in (first, second, later(first, handler="a")):
            tx.bindings.put(one)
        assert tx.bindings.get("com.a.B") == second
        assert [one.handler for one in tx.bindings.all()] == ["a", "com.a.B"]
        assert [tx.bindings.drop("a"), tx.bindings.drop("a")] == [True, False]
        assert tx.bindings.get("a") is None


# --- customers and their groups --------------------------------------------------------------------------------------


def test_customers_are_found_by_id_number_text_group_and_address(store: Store) -> None:
    phone = ({"name": "Li", "phone": "+8613800000000", "email": "Li_1@a.test"},)
    with store.transaction() as tx:
        tx.customers.add(customer("c-1", name="李 100%", group="key", contacts=phone))
        tx.customers.add(customer("c-2", name="Acme_Works", group="key"))
        tx.customers.add(customer("c-3", name="acme", number="X-9"))
    table: list[tuple[str, str, str, int, list[str]]] = [
        ("", "", "", 9, ["c-1", "c-2", "c-3"]),
        ("", "", "c-1", 1, ["c-2"]),
        ("ACME", "", "", 9, ["c-2", "c-3"]),
        ("acme", "key", "", 9, ["c-2"]),
        ("x-9", "", "", 9, ["c-3"]),
        ("0%", "", "", 9, ["c-1"]),
        ("e_w", "", "", 9, ["c-2"]),
        ("", "none", "", 9, []),
    ]
    with store.reading() as tx:
        for text, group, after, limit, wanted in table:
            found = tx.customers.search(text=text, group=group, after=after, limit=limit)
            assert [one.id for one in found] == wanted, (text, group, after)
        one = tx.customers.by_number("X-9")
        assert one is not None and one == tx.customers.get("c-3")
        assert (tx.customers.get("c-9"), tx.customers.by_number("c-3")) == (None, None)
        for addresses, ids in (
            (["li_1@a.test"], ["c-1"]),
            (["none", "+8613800000000"], ["c-1"]),
            (["lix1"], []),
            ([], []),
        ):
            assert [one.id for one in tx.customers.reached_by(addresses, 9)] == ids, addresses


def test_a_customer_is_changed_once_for_each_revision(store: Store) -> None:
    with store.transaction() as tx:
        tx.customers.add(customer())
        tx.customers.change(customer(name="new", scores={"current": 0.25}))
    with pytest.raises(Stale), store.transaction() as tx:
        tx.customers.change(customer(name="late"))
    with store.reading() as tx:
        assert tx.customers.get("c-1") == customer(name="new", scores={"current": 0.25}, revision=2)


def test_group_rules_hold_from_their_first_moment_to_before_their_last(store: Store) -> None:
    def rules(n: int, **more: Any) -> variation.GroupRules:
        values = {"n": n, "rules": {"groups": [n]}, "status": "released", "created_at": NOW, "created_by": "boss"}
        return variation.GroupRules(**values | more)

    with store.transaction() as tx:
        tx.groups.put(rules(1))
        tx.groups.put(rules(2, valid_from=NOW, valid_to=NOW + DAY))
        tx.groups.put(rules(3, status="draft"))
        for moment, wanted in ((NOW - HOUR, 1), (NOW, 2), (NOW + DAY - HOUR, 2), (NOW + DAY, 1)):
            found = tx.groups.released(moment)
            assert found is not None and found.n == wanted, moment
        tx.groups.put(rules(1, status="retired"))
        assert tx.groups.released(NOW + DAY) is None
        assert [one.n for one in tx.groups.versions()] == [3, 2, 1]
        assert tx.groups.version(1) == rules(1, status="retired")
        assert tx.groups.version(4) is None


def test_two_moves_of_a_customer_at_one_moment_are_one_and_each_is_followed_once(store: Store) -> None:
    def move(old: str, new: str, at: Any = NOW) -> variation.GroupMove:
        return variation.GroupMove(customer_id="c-1", at=at, old=old, new=new, decided={"rule": new})

    with store.transaction() as tx:
        tx.customers.add(customer())
        for one in (move("a", "b"), move("b", "c"), move("c", "d", NOW + DAY)):
            tx.groups.add_move(one)
        assert [(one.old, one.new) for one in tx.groups.moves("c-1")] == [("c", "d"), ("a", "c")]
        assert tx.groups.moves("c-2") == []
        assert tx.due.next() == NOW
        first, second = tx.moves.group_changes(9)
        assert [first] == tx.moves.group_changes(1)
        assert (first.old, first.new, first.decided) == ("a", "c", {"rule": "c"})
        assert [tx.moves.followed(first, NOW), tx.moves.followed(first, NOW)] == [True, False]
        assert tx.moves.group_changes(9) == [second]
        tx.groups.add_move(move("c", "e"))
        assert [one.new for one in tx.moves.group_changes(9)] == ["e", "d"], "moved again: to be followed again"


# --- people ----------------------------------------------------------------------------------------------------------


def test_people_come_back_with_their_groups(store: Store) -> None:
    anna = records.Person(
        key="anna", name="Anna", locale="en", skills=("pumps",), roles=("staff",), groups=("legal", "sales"),
        created_at=NOW,
    )  # fmt: skip
    with store.transaction() as tx:
        for key in ("sales", "legal"):
            tx.people.put_group(records.StaffGroup(key=key, texts=TEXT))
        tx.people.put_group(records.StaffGroup(key="sales", texts=TEXT, manager="boss"))
        tx.people.put(anna)
        tx.people.put(later(anna, key="abel", groups=()))
    with store.reading() as tx:
        assert tx.people.get("anna") == anna
        assert tx.people.get("none") is None
        assert [(one.key, one.groups) for one in tx.people.all()] == [("abel", ()), ("anna", ("legal", "sales"))]
        assert [(one.key, one.manager) for one in tx.people.groups()] == [("legal", ""), ("sales", "boss")]
    with store.transaction() as tx:
        tx.people.put(later(anna, groups=("sales",), active=False))
        found = tx.people.get("anna")
        assert found is not None and (found.groups, found.active) == (("sales",), False)


def test_tries_at_a_door_are_kept_by_name_and_place_and_only_as_they_were_seen(store: Store) -> None:
    def change(seen: records.LoginTries, **more: Any) -> records.LoginTries:
        changed = msgspec.structs.replace(seen, seen_at=NOW, **more)
        with store.transaction() as tx:
            tx.people.put_tries(seen, changed)
        return changed

    with store.reading() as tx:
        none = tx.people.tries("li", "a")
    assert none == records.LoginTries(key="li", source="a")
    first = change(none, failures=1, untold=1, failed_at=NOW)
    for seen in (none, msgspec.structs.replace(first, failures=0), msgspec.structs.replace(first, failed_at=None)):
        with pytest.raises(Stale):
            change(seen, failures=9)
    second = change(first, failures=2, untold=2, failed_at=NOW + DAY, blocked_until=NOW + DAY)
    change(msgspec.structs.replace(none, source="b"), untold=1, failed_at=NOW + 2 * DAY)
    change(msgspec.structs.replace(none, source="c"), good_at=NOW)
    change(msgspec.structs.replace(none, key="wu"), untold=5, failed_at=NOW)
    with store.transaction() as tx:
        assert tx.people.tries("li", "a") == second
        assert [(one.source, one.untold) for one in tx.people.untold_tries("li")] == [("b", 1), ("a", 2)]
        tx.people.told_tries("li")
        assert tx.people.untold_tries("li") == []
        assert tx.people.tries("li", "a").failures == 2 and tx.people.tries("wu", "a").untold == 5
        tx.people.forget_tries("li")
        assert tx.people.tries("li", "c").seen_at is None
        tx.people.sweep_tries(NOW)
        assert tx.people.tries("wu", "a").seen_at == NOW
        tx.people.sweep_tries(NOW + DAY)
        assert tx.people.tries("wu", "a").seen_at is None


def test_sessions_end_one_by_one_all_of_a_person_or_by_age(store: Store) -> None:
    def session(key: str, person: str = "anna", seen: Any = NOW, expires: Any = NOW + DAY) -> records.Session:
        return records.Session(token_sha256=key, person=person, created_at=NOW, seen_at=seen, expires_at=expires)

    with store.transaction() as tx:
        for key in ("anna", "bo"):
            tx.people.put(records.Person(key=key, name=key, locale="en", created_at=NOW))
        for one in (session("a"), session("b"), session("c", "bo"), session("d", "bo", seen=NOW - DAY),
                    session("e", "bo", expires=NOW)):  # fmt: skip
            tx.people.put_session(one)

        def left() -> str:
            return "".join(key for key in "abcde" if tx.people.session(key) is not None)

        tx.people.see_session("a", NOW + HOUR)
        assert tx.people.session("a") == session("a", seen=NOW + HOUR)
        tx.people.sweep_sessions(NOW - HOUR, NOW)
        assert left() == "abc"
        tx.people.end_session("a")
        assert left() == "bc"
        tx.people.put_session(session("a"))
        tx.people.end_sessions("anna")
        assert left() == "c"


def test_tokens_are_found_by_hash_and_listed_newest_first(store: Store) -> None:
    first = records.ApiToken(id="t-1", token_sha256="h1", person="anna", name="ci", scopes=("a", "b"), created_at=NOW)
    second = later(first, id="t-2", token_sha256="h2", created_at=NOW + DAY, expires_at=NOW + 2 * DAY)
    with store.transaction() as tx:
        tx.people.put(records.Person(key="anna", name="anna", locale="en", created_at=NOW))
        for one in (first, second, later(first, revoked_at=NOW)):
            tx.people.put_token(one)
        assert tx.people.token("h1") == later(first, revoked_at=NOW)
        assert tx.people.token("h3") is None
        assert [one.id for one in tx.people.tokens("anna")] == ["t-2", "t-1"]
        assert tx.people.tokens("bo") == []


# --- variants --------------------------------------------------------------------------------------------------------


def variant(key: str, **more: Any) -> variation.Variant:
    return variation.Variant(**{"id": key, "process": "SFA-03", "texts": TEXT, "created_at": NOW} | more)


def variant_version(key: str, n: int, **more: Any) -> variation.VariantVersion:
    values = {"variant_id": key, "n": n, "process": "SFA-03", "base_n": 1, "status": "draft", "created_at": NOW}
    return variation.VariantVersion(**values | {"created_by": "boss"} | more)


def test_variants_and_their_versions_come_back_and_the_newest_released_one_counts(store: Store) -> None:
    with store.transaction() as tx:
        tx.processes.put(process())
        tx.processes.put(process("CSS-01"))
        deploy(tx)
        tx.processes.put_version(version(1))
        tx.processes.put_version(version(1, process="CSS-01"))
        for one in (variant("z", customer_group="a"), variant("b", customer_group="b"), variant("x", process="CSS-01")):
            tx.variants.put(one)
        tx.variants.put(variant("b", customer_group="b", priority=7))
        for one in (
            variant_version("b", 1, status="released"),
            variant_version("b", 2, status="released", history=(variation.Deed(at=NOW, by="bo", did="released"),)),
            variant_version("b", 3),
            variant_version("z", 1, status="approved", valid_from=NOW + HOUR),
            variant_version("x", 1, status="approved", valid_from=NOW, process="CSS-01"),
        ):
            tx.variants.put_version(one)
    with store.reading() as tx:
        assert [one.id for one in tx.variants.all()] == ["x", "z", "b"]
        assert [one.id for one in tx.variants.all("SFA-03")] == ["z", "b"]
        found = tx.variants.get("b")
        assert found is not None and found.priority == 7
        assert (tx.variants.get("none"), tx.variants.version("b", 9)) == (None, None)
        assert [one.n for one in tx.variants.versions("b")] == [3, 2, 1]
        for asked in ("", "SFA-03"):
            assert [(one.id, newest.n) for one, newest in tx.variants.released(asked)] == [("b", 2)]
        assert tx.variants.released("CSS-01") == []
        second = tx.variants.version("b", 2)
        assert second is not None and second.history[0].did == "released"
        for moment, wanted in ((NOW - HOUR, []), (NOW, ["x"]), (NOW + HOUR, ["x", "z"])):
            assert [one.variant_id for one in tx.variants.scheduled(moment, 9)] == wanted
        assert [one.variant_id for one in tx.variants.scheduled(NOW + HOUR, 1)] == ["x"]
        assert tx.due.next() == NOW


def test_a_conflict_is_decided_once_and_may_be_open_again(store: Store) -> None:
    def decided(choice: str, at: Any = NOW, signature: str = "s") -> variation.ConflictDecision:
        return variation.ConflictDecision(
            process="SFA-03", variant_id="b", base_n=2, signature=signature, kind="gone", operation="o",
            choice=choice, by="boss", at=at,
        )  # type: ignore[arg-type]  # fmt: skip

    with store.transaction() as tx:
        tx.processes.put(process())
        tx.variants.put(variant("b"))
        for one in (decided("keep"), decided("drop", NOW + HOUR), decided("keep", NOW, "t")):
            tx.variants.decide(one)
        assert tx.variants.decisions("SFA-03") == [decided("drop", NOW + HOUR), decided("keep", NOW, "t")]
        assert tx.variants.decisions("CSS-01") == []
        assert [tx.variants.undecide("b", 2, "s") for _ in range(2)] == [True, False]
        assert not tx.variants.undecide("b", 1, "t")
        assert tx.variants.decisions("SFA-03") == [decided("keep", NOW, "t")]
