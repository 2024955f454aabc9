"""Released material for programs: by a part of the key or of the title, only what may be used today."""

from datetime import timedelta

from engine import marketing
from tests.web.api.conftest import Programs


def test_material_by_key_and_title(selling: Programs) -> None:
    now = selling.clock.now()
    with selling.engine.store.transaction() as tx:
        for job, key, title, days in (
            ("1", "SPRING", "春季信函", 9),
            ("2", "SPRING", "春季新品", 9),
            ("3", "OLD", "旧", -1),
        ):
            until = (now + timedelta(days=days)).date().isoformat()
            told = {"kind": "letter", "language": "zh-CN", "subject": "s", "body": "b", "released_at": now}
            tx.assets.release(marketing.Asset(key=key, title=title, valid_until=until, job=job, **told))
    (found,) = selling.get("/materials?text=春", by="ivy").json["items"]
    assert (found["key"], found["n"], found["title"], found["body"]) == ("SPRING", 2, "春季新品", "b")
    assert [one["key"] for one in selling.get("/materials").json["items"]] == ["SPRING"]
    assert selling.get("/materials?text=OLD").json["items"] == []
    assert selling.get("/materials?limit=0").status_code == 422
