"""The small parts of the stream, each by itself."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode

from core.queries import journal as journals
from core.redaction import redacted
from core.store import journal
from core.store.connection import open_writer
from core.store.migrate import migrate
from core.stream import requests
from core.stream.bucket import Bucket
from core.stream.metrics import Counting
from core.stream.requests import Cursor, Subscribe, Wrong
from tests import builders as b
from tests.core.stream.conftest import Stage


def test_a_bucket_gives_a_burst_and_then_what_it_gains() -> None:
    bucket = Bucket(burst=3, per_minute=60)

    assert [bucket.take(10) for _ in range(4)] == [True, True, True, False]
    assert [bucket.take(11.5), bucket.take(11.5)] == [True, False]
    assert [bucket.take(1_000) for _ in range(4)] == [True, True, True, False]
    assert not bucket.take(5)  # a clock that goes back gives nothing


def test_connections_per_hour_are_a_plain_count_from_the_first_moment() -> None:
    counting = Counting(began=100)
    assert counting.metrics(100, 0).per_hour == 0
    for at in (100, 101, 2_000, 3_701):
        counting.connected(at)
    counting.disconnected()

    assert counting.metrics(3_701, 0).per_hour == 2  # those of 100 and 101 are an hour ago
    assert counting.metrics(9_999, 5).per_hour == 0
    metrics = counting.metrics(160, 5)
    assert (metrics.connections, metrics.connections_total, metrics.subscriptions) == (3, 4, 5)
    assert metrics.uptime_s == 60


def test_a_cursor_says_where_to_go_on_and_a_number_means_behind_that_event() -> None:
    exact = requests.read('{"type":"subscribe","topic":"*","since":"12.3"}')
    whole = requests.read('{"type":"subscribe","topic":"*","since":12}')

    assert isinstance(exact, Subscribe)
    assert isinstance(whole, Subscribe)
    assert (str(exact.since), whole.since) == ("12.3", Cursor(13, 0))


@given(st.text() | st.binary().map(lambda data: data.decode("latin-1")))
def test_nothing_that_is_said_makes_reading_fail(said: str) -> None:
    for text in (said, '{"type":"subscribe","topic":' + said, f'{{"type":"{said}"}}'):
        assert requests.read(text) is not None


@given(st.text(), st.text())
def test_a_key_is_found_wherever_it_stands(before: str, behind: str) -> None:
    key = "ghp_" + "a1b2c3" * 6

    assert key not in redacted(f"{before} {key} {behind}")


def test_redaction_of_much_costs_no_more_than_its_length() -> None:
    for text in (
        "a" * 100_000,
        "-----BEGIN PRIVATE KEY-----" * 2_000,
        "a@" * 30_000,
        "://" * 30_000,
    ):
        assert len(redacted(text)) <= len(text)


def test_the_journal_keeps_the_last_events_and_cuts_ids_that_are_used_again(
    tmp_path: Path,
) -> None:
    library = tmp_path / "library.clew"
    db = open_writer(library)
    migrate(db, library)
    for event in range(1, journal.KEPT + 3):
        journal.note(db, event, 1, event * 10, event * 10 + 4)
    journal.note(db, journal.KEPT + 3, 1, 0, 0)
    last = journal.KEPT + 2
    journal.note(db, journal.KEPT + 4, 1, last * 10 + 2, last * 10 + 9)

    assert journals.oldest(db) == 5
    found = journals.after(db, last - 2, last + 9)
    assert [(one.event_id, one.first % 100_000, one.last % 100_000) for one in found] == [
        (last - 1, (last - 1) * 10 % 100_000, (last - 1) * 10 % 100_000 + 4),
        (last, last * 10 % 100_000, last * 10 % 100_000 + 1),
        (last + 1, 0, 0),
        (last + 2, last * 10 % 100_000 + 2, last * 10 % 100_000 + 9),
    ]
    db.close()


def test_only_long_messages_are_packed(staged: Callable[..., Stage]) -> None:
    stage = staged()
    noise = os.urandom(30).hex()
    b.write(stage.logs / f"{b.SESSION}.jsonl", b.prompt("p1", "short"))
    stage.imports()
    stage.on()
    sizes: list[int] = []

    async def work() -> None:
        async with stage.tool(compression="deflate") as tool:
            assert [one.name for one in tool.connection.protocol.extensions] == [
                "permessage-deflate"
            ]
            packing: Any = tool.connection.protocol.extensions[0]
            unpack = packing.decode

            def counted(frame: Frame, **more: Any) -> Any:
                if frame.opcode is Opcode.TEXT:
                    sizes.append(frame.rsv1 * len(frame.data))
                return unpack(frame, **more)

            packing.decode = counted
            await tool.subscribed(updates=["new_message"])
            stage.says(b.says("r1", noise, "p1"))
            await tool.until("new_message")
            blocks = [{"type": "text", "text": f"{n} {noise * 5}"} for n in range(20)]
            stage.says(b.reply("r2", blocks, "r1"))
            await tool.until("new_message")

    asyncio.run(work())

    assert [size > 0 for size in sizes] == [False, False, True]
    assert sizes[-1] < 20 * 200


def test_what_is_wrong_says_which_request_it_was() -> None:
    wrong = requests.read('{"type":"subscribe","topic":"nothing","request":"r"}')

    assert isinstance(wrong, Wrong)
    assert (wrong.code, wrong.request) == ("invalid_topic", "r")
