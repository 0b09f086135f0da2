"""Transcripts of a folder as facts, without a library: what an evaluation reads."""

from collections.abc import Iterator
from pathlib import Path

from core.messages import claude_code
from core.model import Facts
from core.records.decode import decode
from core.records.reader import lines


def facts(path: Path) -> Iterator[Facts]:
    """Yield what each record of the transcript at *path* says; a doubled record once."""
    seen: set[str] = set()
    with path.open("rb") as stream:
        for line in lines(stream, 0, 0):
            for record in decode(line).records:
                read = claude_code.facts(record)
                uuid = read.message.uuid if read.message else read.hop.uuid if read.hop else ""
                if uuid in seen:
                    continue
                if uuid:
                    seen.add(uuid)
                yield read
