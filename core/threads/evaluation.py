"""Predictions for a benchmark folder, made from the transcripts in it and nothing else.

The folder's layout and the form of the predictions are those of the threading benchmark
for coding-agent logs: ``spliced``, ``natural`` and ``probes`` hold transcripts, ``projects``
holds a small project folder each.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypedDict

from core.model import BlockKind, Kind, Message, Role
from core.threads.adapting import adapt
from core.threads.agents import attach
from core.threads.copies import copies
from core.threads.events import Event, opens
from core.threads.evidence import Turn
from core.threads.explaining import cuts
from core.threads.links import Relation
from core.threads.reading import facts
from core.threads.references import Conversation
from core.threads.session import Session, session
from core.threads.transcripts import Transcript, transcript
from core.threads.weights import Weights, shipped
from core.threads.words import Lexicon


class Prediction(TypedDict):
    """What is said of one transcript: uuids to threads, uuids to lanes, and relations."""

    threads: dict[str, str]
    lanes: dict[str, str]
    relations: list[list[object]]


_MACHINE = ("<bash-notification", "<ci-monitor-event")


class Reason(TypedDict):
    """Why a thread begins, or is taken up again, at a prompt."""

    turn: str  # uuid of the prompt
    confidence: float
    switch: str  # what kind of change it is
    evidence: list[str]  # strongest first
    returns: bool  # an earlier thread is taken up


def learnt(archive: Path | None) -> Weights:
    """Return the weights that come with Clew, adapted to the transcripts in *archive* if any."""
    used = shipped()
    if archive is None:
        return used
    lexicon = used.lexicon()
    return adapt(archived(archive, lexicon), used, lexicon).weights


def evaluate(
    folder: Path, used: Weights, why: dict[str, list[Reason]] | None = None
) -> dict[str, Prediction]:
    """Return the predictions for every transcript below *folder*, by its path there.

    *why*, where given, takes up every cut of the streams and sessions with its reasons. Each
    transcript is read and threaded once.
    """
    found: dict[str, Prediction] = {}
    for part in ("spliced", "natural", "probes"):
        for path in sorted((folder / part).glob("*.jsonl")):
            lexicon = used.lexicon()  # the one that numbers the transcript's words
            talk = Conversation(used.common)
            read = transcript(facts(path), lexicon, begins, talk=talk)
            done = session(read, used)
            name = path.relative_to(folder).as_posix()
            found[name] = _prediction(read, done)
            if why is not None and part != "probes":
                why[name] = _reasons(done, used, lexicon)
    for project in sorted((folder / "projects").glob("*")):
        found.update(_project(folder, project, used))
    return found


def _reasons(done: Session, weights: Weights, lexicon: Lexicon) -> list[Reason]:
    """Return every cut of a session with its reasons."""
    return [
        {
            "turn": cut.turn,
            "confidence": round(cut.confidence, 3),
            "switch": cut.switch,
            "evidence": list(cut.evidence),
            "returns": cut.returns,
        }
        for threader in done.threaders.values()
        for cut in cuts(threader, weights, lexicon)
    ]


def archived(folder: Path, lexicon: Lexicon) -> list[list[Turn]]:
    """Return the turns of each session below *folder*."""
    return [
        transcript(facts(path), lexicon, begins).turns
        for path in sorted(folder.rglob("*.jsonl"))
        if not path.name.startswith("agent-")
    ]


def _read(path: Path, weights: Weights) -> Transcript:
    talk = Conversation(weights.common)
    return transcript(facts(path), weights.lexicon(), begins, talk=talk)


def predicted(read: Transcript, weights: Weights) -> Prediction:
    """Return the prediction for one transcript."""
    return _prediction(read, session(read, weights))


def _prediction(read: Transcript, done: Session) -> Prediction:
    lanes = zip(read.events, done.lanes.lane, strict=True)
    return {
        "threads": {uuid: name for uuid, name in done.threads.items() if uuid},
        "lanes": {event.uuid: lane for event, lane in lanes if event.uuid},
        "relations": _written(done.relations),
    }


def _written(relations: Sequence[Relation]) -> list[list[object]]:
    return [[tie.tie.value, tie.source, tie.target, round(tie.confidence, 3)] for tie in relations]


def _project(folder: Path, project: Path, weights: Weights) -> Mapping[str, Prediction]:
    """Return the predictions for one project; what ties files together is with the first."""
    found: dict[str, Prediction] = {}
    mains: dict[str, Sequence[Event]] = {}
    runs: dict[str, list[Event]] = {}
    every: list[Event] = []
    for path in sorted(project.rglob("*.jsonl")):
        read = _read(path, weights)
        done = predicted(read, weights)
        found[path.relative_to(folder).as_posix()] = done
        every.extend(read.events)
        if not path.name.startswith("agent-"):
            mains[path.stem] = read.events
        for event in read.events:
            lane = done["lanes"].get(event.uuid, "")
            if event.role is not None and lane.startswith("agent:"):
                runs.setdefault(lane.removeprefix("agent:"), []).append(event)
    ties = _written([*copies(mains), *attach(every, runs)])
    for done in found.values():
        done["relations"].extend(ties)
        break
    return found


def begins(message: Message) -> bool:
    """Tell whether the benchmark counts *message* as a prompt.

    It takes a few machine notices for prompts, and no prompt that an editor's note precedes
    in the same record; Clew itself does neither.
    """
    first = message.blocks[0] if message.blocks else None
    if first is None or message.sidechain:
        return False
    if first.kind is BlockKind.NOTE and first.text.startswith("<ide_"):
        return False
    if message.kind is Kind.NOTICE and message.role is Role.USER:
        return message.record == "user" and first.text.startswith(_MACHINE)
    return opens(message)
