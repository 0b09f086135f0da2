"""Where a message is shown."""

from contextlib import closing
from pathlib import Path

from core.queries import locating, transcript
from tests import builders as b
from tests.core.queries.test_transcript import LINES
from tests.library import imported


def test_a_message_is_located_by_its_first_row_and_a_result_by_its_call(tmp_path: Path) -> None:
    path = b.write(tmp_path / "logs" / f"{b.SESSION}.jsonl", *LINES)
    with closing(imported(tmp_path, path)) as db:
        ids = dict(db.execute("SELECT uuid, id FROM message"))
        spine = transcript.spine(db, 1)
        blocks = {uuid: locating.locate(db, id_) for uuid, id_ in ids.items()}

        assert blocks["r1"] is not None
        assert blocks["r1"].block == spine.ids[2]
        assert blocks["a3"] == locating.Location(b.SESSION, 1, "", spine.ids[3])
        assert locating.locate_block(db, spine.ids[3]) == blocks["a3"]
        assert locating.locate_block(db, 4) == blocks["r1"]
        assert locating.locate(db, 999) is None
        assert locating.locate_block(db, 999) is None
