"""A key is the same wherever it is made, and is made once."""

from pathlib import Path
from unittest import mock

from hypothesis import given
from hypothesis import strategies as st

from core.model import Reply, Usage
from core.store import keys
from core.store.keys import Keys, key64, reply_id
from tests import builders as b
from tests.library import reads, writing


@given(text=st.text(max_size=200))
def test_a_key_fits_a_column_and_is_the_same_again(text: str) -> None:
    assert -(2**63) <= key64(text) < 2**63
    assert Keys()[text] == key64(text)


def test_a_key_that_is_known_is_not_made_again() -> None:
    known = Keys({"a": 7})
    with mock.patch.object(keys, "key64", wraps=key64) as made:
        assert [known["a"], known["b"], known["b"]] == [7, key64("b"), key64("b")]

    assert made.call_count == 1


def test_a_reply_without_an_id_has_the_key_of_its_record() -> None:
    named = Reply("msg_1", "req_1", "", Usage(), final=True)
    other = Reply("msg_1", "req_2", "", Usage(), final=True)
    nameless = Reply("", "req_1", "", Usage(), final=True)

    assert Keys().of_reply(named, 5) == key64(reply_id(named)) != Keys().of_reply(other, 5)
    assert Keys().of_reply(nameless, 5) == 5


def test_what_is_stored_of_an_id_is_looked_up_by_its_key_however_long_the_session(
    tmp_path: Path,
) -> None:
    path = b.write(tmp_path / "a.jsonl", b.prompt("p1"), b.says("a1", "yes", "p1", api="m1"))
    told: list[str] = []
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, path)
        b.append(path, b.says("a2", "more", "a1", api="m1"))
        db.set_trace_callback(told.append)
        reads(ingest, path)
        db.set_trace_callback(None)
        by_key = ("key IN (SELECT", "uid IN (SELECT", "uid = asked.value", "key = value")
        asked = [one for one in told if any(part in one for part in by_key)]
        plans = [
            " ".join(row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {one}")) for one in asked
        ]

    assert len(plans) >= 4
    assert all("by_uid" in plan or "by_key" in plan or "hop" in plan for plan in plans), plans
