"""Small turns and messages that threading is tried on."""

from collections.abc import Sequence

from core.model import Block, BlockKind, Call, Kind, Message, Outcome, Place, Result, Role
from core.threads.cutting import Certainty
from core.threads.evidence import Turn, gather
from core.threads.words import Lexicon

MINUTE = 60_000
START = 1_700_000_000_000


def message(
    uuid: str,
    kind: Kind,
    blocks: Sequence[Block],
    *,
    at: int | None = START,
    parent: str = "",
    sidechain: bool = False,
    agent: str = "",
    logical: str = "",
) -> Message:
    role = {Kind.REPLY: Role.ASSISTANT, Kind.COMPACTION: Role.SYSTEM}.get(kind, Role.USER)
    return Message(
        place=Place(1, 0, 1),
        record=role.value,
        uuid=uuid,
        parent=parent,
        kind=kind,
        role=role,
        at=at,
        blocks=tuple(blocks),
        sidechain=sidechain,
        agent=agent,
        logical_parent=logical,
    )


def prompt(uuid: str, said: str, **more: object) -> Message:
    return message(uuid, Kind.PROMPT, [Block(BlockKind.PROMPT, said)], **more)  # type: ignore[arg-type]  # passed on


def reply(uuid: str, said: str, **more: object) -> Message:
    return message(uuid, Kind.REPLY, [Block(BlockKind.REPLY, said)], **more)  # type: ignore[arg-type]  # passed on


def call(uuid: str, key: str, tool: str, given: str, flat: str, **more: object) -> Message:
    block = Block(BlockKind.CALL, flat, call=Call(key, tool, given))
    return message(uuid, Kind.REPLY, [block], **more)  # type: ignore[arg-type]  # passed on


def result(uuid: str, key: str, said: str = "done", agent: str = "", **more: object) -> Message:
    block = Block(BlockKind.RESULT, said, result=Result(key, Outcome.OK, agent))
    return message(uuid, Kind.RESULT, [block], **more)  # type: ignore[arg-type]  # passed on


TOPICS = {  # what is asked, what is answered, which file is edited
    "import": (
        "speed up the sqlite importer batching rows",
        "importer.py commits rows in batches of sqlite transactions",
        "/p/src/importer.py",
    ),
    "theme": (
        "the theme combo box forgets the palette colour",
        "SettingsDialog saves the palette colour of the theme combo",
        "/p/src/settings_dialog.py",
    ),
    "docker": (
        "shrink the docker image with a builder stage",
        "Dockerfile has a slim builder stage and the image shrank",
        "/p/deploy/Dockerfile.prod",
    ),
}


def turns(plan: Sequence[str], lexicon: Lexicon | None = None) -> list[Turn]:
    """Return a turn for each topic named in *plan*, a few minutes apart."""
    lane: list[tuple[Message, bool, str, str]] = []
    for j, topic in enumerate(plan):
        asked, told, path = TOPICS[topic]
        at = START + j * 5 * MINUTE
        given = f'{{"file_path": "{path}"}}'
        lane.append((prompt(f"p{j}", f"{asked} number{j}", at=at), True, "/p", "main"))
        lane.append(
            (call(f"c{j}", f"k{j}", "Edit", given, path, at=at + MINUTE), False, "/p", "main")
        )
        lane.append((reply(f"r{j}", told, at=at + 2 * MINUTE), False, "/p", "main"))
    return gather(lane, Lexicon() if lexicon is None else lexicon)


def posterior(begin: Sequence[float], sums: Sequence[Sequence[float]]) -> list[float]:
    """Return how sure each cut of a whole lane is, weighed at once."""
    certainty = Certainty()
    certainty.follow(begin, sums, 1)
    return certainty.since(0)
