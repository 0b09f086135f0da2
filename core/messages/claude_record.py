"""What all records of a Claude Code transcript have: the chain, the session, what was said."""

from functools import lru_cache

from core.model import (
    AgentLink,
    Block,
    Facts,
    Hop,
    Kind,
    LeafSummary,
    Message,
    PromptKind,
    Reply,
    Role,
    Setting,
    StatedCost,
    Unknown,
)
from core.records.decode import Record
from core.records.fields import JsonObject, count, dump, items, mapping, moment, text, truth


def told(  # noqa: PLR0913  one keyword for each thing a record can say
    record: Record,
    kind: str,
    *,
    known: bool = True,
    message: Message | None = None,
    setting: Setting | None = None,
    summary: LeafSummary | None = None,
    links: tuple[AgentLink, ...] = (),
    cost: StatedCost | None = None,
) -> Facts:
    """Return what *record* says; one without a message is still a link of the chain."""
    data = record.data
    uuid = text(data, "uuid")
    return Facts(
        kind=kind,
        known=known,
        place=record.place,
        version=text(data, "version"),
        message=message,
        hop=Hop(uuid, text(data, "parentUuid")) if uuid and not message else None,
        setting=setting or where(data),
        summary=summary,
        links=links,
        cost=cost,
        unknown=None if known else Unknown(record.place, dump(data)),
    )


def where(data: JsonObject) -> Setting | None:
    """Return where the session of a record works, and under which version."""
    return _where(text(data, "cwd"), text(data, "gitBranch"), text(data, "version"))


@lru_cache(maxsize=64)  # record after record says the same
def _where(cwd: str, branch: str, version: str) -> Setting | None:
    if not (cwd or branch or version):
        return None
    return Setting(cwd=cwd, git_branch=branch, version=version)


def message(  # noqa: PLR0913  one keyword for each thing that differs
    record: Record,
    kind: Kind,
    role: Role,
    blocks: tuple[Block, ...],
    *,
    reply: Reply | None = None,
    detail: str = "",
    prompt: PromptKind | None = None,
) -> Message:
    """Return the message that *record* is."""
    data = record.data
    return Message(
        place=record.place,
        record=text(data, "type"),
        uuid=text(data, "uuid"),
        parent=text(data, "parentUuid"),
        kind=kind,
        role=role,
        at=moment(data.get("timestamp")),
        blocks=blocks,
        reply=reply,
        sidechain=truth(data, "isSidechain"),
        agent=text(data, "agentId"),
        session=text(data, "sessionId"),
        forked_from=text(mapping(data.get("forkedFrom")), "sessionId"),
        logical_parent=text(data, "logicalParentUuid"),
        detail=detail,
        prompt=prompt,
        linked="parentUuid" in data,
        index=count(data, "apiBlockIndex") if "apiBlockIndex" in data else None,
    )


def content(data: JsonObject) -> object:
    """Return what was said, wherever an odd writer has put it."""
    body = data.get("message")
    if isinstance(body, str):
        return body
    return items(body) or mapping(body).get("content")
