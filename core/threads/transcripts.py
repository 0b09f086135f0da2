"""One transcript read once: its events, its turns' evidence, what its prompts refer to."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from core.model import BlockKind, Facts, Message
from core.threads.events import Event, event, opens
from core.threads.evidence import Gatherer, Turn
from core.threads.links import Relation
from core.threads.references import TEXT, Conversation, Said
from core.threads.words import Lexicon


@dataclass(slots=True)
class Transcript:
    """What threading needs of a transcript; the messages themselves are not kept."""

    events: list[Event] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)  # in file order, whatever their lane
    references: list[Relation] = field(default_factory=list)


def transcript(
    facts: Iterable[Facts],
    lexicon: Lexicon,
    begins: Callable[[Message], bool] = opens,
    *,
    talk: Conversation | None = None,
) -> Transcript:
    """Read *facts*. *begins* tells which messages open a turn.

    *talk* is the conversation in which references are looked for; without one they are not.
    """
    found = Transcript()
    gatherer = Gatherer(lexicon)
    cwd = branch = ""
    for fact in facts:
        if fact.setting:
            cwd = fact.setting.cwd or cwd
            branch = fact.setting.git_branch or branch
        message = fact.message
        first = message is not None and begins(message)
        if one := event(fact, first):
            found.events.append(one)
        if message is None or message.sidechain:
            continue
        if first:
            if done := gatherer.open(message, cwd, branch):
                found.turns.append(done)
        else:
            gatherer.add(message)
        if talk and (text := _text(message)):
            said = Said(message.uuid, text, first)
            if first and (relation := talk.refers(said)):
                found.references.append(relation)
            talk.add(said)
    if done := gatherer.close():
        found.turns.append(done)
    return found


def _text(message: Message) -> str:
    wanted = (BlockKind.PROMPT, BlockKind.REPLY)
    return "\n".join(block.text[:TEXT] for block in message.blocks if block.kind in wanted)[:TEXT]
