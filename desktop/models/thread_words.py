"""What the nodes of the thread tree are called, in a row, a tool tip and a spoken sentence."""

import json
import re
from datetime import tzinfo
from typing import cast

from core.queries.structure import Node, NodeKind
from core.queries.threads import CutRow, ThreadRow
from core.threads.explaining import Switch
from core.threads.woven import MadeBy
from desktop.look import words
from desktop.look.words import translate
from desktop.models.thread_groups import ThreadNode

_TITLE = 300  # characters: Qt lays out whatever it is given
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


def title(node: Node) -> str:
    """Return the words of *node*'s row."""
    match node.kind:
        case NodeKind.BRANCH if node.active:
            return translate("threads", "Current version")
        case NodeKind.BRANCH:
            return translate("threads", "Abandoned, {0}").format(
                ", ".join([words.plural(prompts(node), *_turn_words()), *_price(node)])
            )
        case NodeKind.COMPACTION:
            return compaction(node)
        case NodeKind.SESSION:
            return translate("threads", "Session {0}").format(_short_key(node.title))
        case NodeKind.THREAD if isinstance(node, ThreadNode) and node.again:
            said = translate("threads", "Again: {0}")
            return said.format(words.one_line(node.title, _TITLE))
        case _:
            return words.one_line(node.title, _TITLE)


def compaction(node: Node) -> str:
    """Return what is known about a compaction: who asked for it, and what it made of what."""
    facts = _facts(node.detail)
    before, after = facts.get("preTokens"), facts.get("postTokens")
    said = translate("threads", "Context compacted")
    if isinstance(before, int) and isinstance(after, int):
        said += f" · {words.short_count(before)} → {words.short_count(after)}"
    elif isinstance(before, int):
        said += translate("threads", " · at {0} tokens").format(words.short_count(before))
    return said


def counts(node: Node) -> str:
    """Return the calls of *node*, how many failed, what it cost: "12 calls · 1 failed · $0.41"."""
    return " · ".join(part for part in (calls(node), failures(node), cost(node)) if part)


def cost(node: Node) -> str:
    """Return what an agent cost, itself and with the agents below it; "" where a title says it."""
    if node.kind is NodeKind.BRANCH and not node.active:
        return ""
    if node.kind is NodeKind.AGENT and node.total != node.cost:
        said = translate("threads", "{0} itself, {1} with its agents")
        return said.format(words.money(node.cost), words.money(node.total))
    return words.money(node.cost) if node.cost else ""


def short_cost(node: Node) -> str:
    """Return what an agent cost in its row: "$0.12", or of all it led to, "$0.12 of $0.41"."""
    if node.kind is not NodeKind.AGENT or not node.total:
        return ""
    if node.total == node.cost:
        return words.money(node.cost)
    said = translate("threads", "{0} of {1}")
    return said.format(words.money(node.cost), words.money(node.total))


def calls(node: Node) -> str:
    """Return how many calls *node* has: "12 calls"; empty for none."""
    if not node.calls:
        return ""
    return words.plural(node.calls, translate("threads", "call"), translate("threads", "calls"))


def failures(node: Node) -> str:
    """Return how many calls of *node* failed: "1 failed"; empty for none."""
    return (
        translate("threads", "{0} failed").format(words.count(node.errors)) if node.errors else ""
    )


def moment(node: Node, zone: tzinfo | None = None) -> str:
    """Return the time of day of *node*; empty where the log has none."""
    return words.clock(node.at, zone) if node.at is not None else ""


def tip(node: Node, zone: tzinfo | None = None) -> str:
    """Return the tool tip of *node* as plain text."""
    lines = [title(node)]
    if node.kind is NodeKind.AGENT:
        lines.insert(0, translate("threads", "Agent"))
    if node.kind is NodeKind.SESSION:
        lines = [translate("threads", "Session"), node.title]
    if isinstance(node, ThreadNode):
        reasons = why(node.cut, node.title).split("\n")[1:] if node.cut is not None else []
        lines = [title(node), *reasons]
    if node.kind is NodeKind.BRANCH and node.cost:
        lines.append(
            translate("threads", "{0} at API prices, agents not included").format(
                words.exact_money(node.cost)
            )
        )
    facts = " · ".join(part for part in (moment(node, zone), counts(node)) if part)
    return "\n".join([*lines, facts] if facts else lines)


def sentence(node: Node, zone: tzinfo | None = None) -> str:
    """Return what a screen reader says of *node*."""
    kinds = {
        NodeKind.SESSION: translate("threads", "Session"),
        NodeKind.THREAD: translate("threads", "Thread"),
        NodeKind.PROMPT: translate("threads", "Prompt"),
        NodeKind.BRANCH: translate("threads", "Branch"),
        NodeKind.AGENT: translate("threads", "Agent"),
        NodeKind.COMPACTION: translate("threads", "Compaction"),
    }
    said = [kinds[node.kind]]
    if not node.active and node.kind is not NodeKind.BRANCH:
        said.append(translate("threads", "abandoned"))
    said += [moment(node, zone), title(node), counts(node).replace(" · ", ", ")]
    return ", ".join(part for part in said if part)


def prompts(node: Node) -> int:
    """Return how many prompts are below *node*."""
    return sum((child.kind is NodeKind.PROMPT) + prompts(child) for child in node.children)


def figures(thread: ThreadRow) -> str:
    """Return what came of *thread*: "4 prompts · 12 calls · 1 failed · 8 min · $0.31"."""
    prompt, call = _pair("prompt", "prompts"), _pair("call", "calls")
    parts = [words.plural(thread.prompts, *prompt)]
    if thread.calls:
        parts.append(words.plural(thread.calls, *call))
    if thread.errors:
        parts.append(translate("threads", "{0} failed").format(words.count(thread.errors)))
    if thread.active_ms >= 1000:
        parts.append(translate("threads", "{0} active").format(words.duration(thread.active_ms)))
    if thread.cost:
        parts.append(words.money(thread.cost))
    again = len({part.number for part in thread.stretches}) - 1
    if again == 1:
        parts.append(translate("threads", "taken up again once"))
    elif again > 1:
        parts.append(translate("threads", "taken up again {0} times").format(words.count(again)))
    return " · ".join(parts)


def _pair(one: str, many: str) -> tuple[str, str]:
    return translate("threads", one), translate("threads", many)


def begins(cut: CutRow, title: str) -> str:
    """Return what stands above a message at which a thread begins or is taken up again."""
    said = (
        translate("threads", "Back to: {0}")
        if cut.returns
        else translate("threads", "New thread: {0}")
    )
    return said.format(words.one_line(title, _TITLE))


def sureness(confidence: float) -> str:
    """Return how sure the model is, in words: a guess stays a guess."""
    if confidence >= 0.9:
        return translate("threads", "very likely")
    if confidence >= 0.7:
        return translate("threads", "likely")
    return translate("threads", "perhaps")


def switch(kind: Switch) -> str:
    """Return what kind of change a cut is."""
    return {
        Switch.TIME: translate("threads", "A pause"),
        Switch.TOPIC: translate("threads", "Another topic"),
        Switch.FILES: translate("threads", "Other files"),
        Switch.TOOLS: translate("threads", "Other tools"),
        Switch.PLACE: translate("threads", "Another branch or folder"),
        Switch.CUE: translate("threads", "Said so"),
    }[kind]


def judged(cut: CutRow) -> str:
    """Return who cut here and how sure that is: "Another topic · likely (78 %)"."""
    if cut.made_by is MadeBy.PERSON:
        return translate("threads", "Split by you")
    sure = f"{sureness(cut.confidence)} ({words.percent(cut.confidence)})"
    return " · ".join((switch(cut.kind), sure))


def why(cut: CutRow, title: str) -> str:
    """Return why a thread begins where it does, a line for each reason, as plain text."""
    reasons = [f"• {one}" for one in cut.evidence]
    return "\n".join([begins(cut, title), judged(cut), *reasons])


def _short_key(key: str) -> str:
    """Return enough of a session's key to tell it from the others."""
    return key[:8] if _UUID.fullmatch(key) else words.one_line(key, _TITLE)


def _turn_words() -> tuple[str, str]:
    return translate("threads", "turn"), translate("threads", "turns")


def _price(node: Node) -> list[str]:
    return [words.money(node.cost)] if node.cost else []


def _facts(detail: str) -> dict[str, object]:
    try:
        found: object = json.loads(detail) if detail else {}
    except ValueError:
        return {}
    return cast("dict[str, object]", found) if isinstance(found, dict) else {}
