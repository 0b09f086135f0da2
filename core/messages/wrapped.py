"""Prompts that an agent program wraps in tags, with context of its own beside them."""

import re

from core.messages.tagged import spans
from core.model import Block, BlockKind, Kind

# What a person typed, where everything outside is the program's.
_ASKED = re.compile(r"<(user_query|USER_REQUEST)>")
# What the program put before a prompt.
_CONTEXT = re.compile(
    r"\s*<(system-reminder|system_reminder|user_info|git_status|project_layout|environment_context"
    r"|qwen:user-prompt-submit-context|additional_data|attached_files|open_and_recently_viewed_files"
    r"|git-context|system-notification)>.*?</\1>\s*",
    re.DOTALL,
)


def typed(said: str) -> tuple[Block, ...]:
    """Return what a person typed in *said* as prompts, and what was put beside it as notes."""
    if blocks := _asked(said):
        return blocks
    context: list[Block] = []
    done = 0
    while found := _CONTEXT.match(said, done):
        context.append(Block(BlockKind.NOTE, found.group().strip()))
        done = found.end()
    rest = said[done:]
    if rest.strip():
        context.append(Block(BlockKind.PROMPT, rest.strip() if done else rest))
    return tuple(context)


def _asked(said: str) -> tuple[Block, ...]:
    """Return the queries inside *said* and what is around them; empty if there is none."""
    blocks: list[Block] = []
    done = 0
    for found, end, after in spans(said, _ASKED, lambda found: f"</{found.group(1)}>"):
        blocks.append(Block(BlockKind.NOTE, said[done : found.start()].strip()))
        blocks.append(Block(BlockKind.PROMPT, said[found.end() : end].strip()))
        done = after
    blocks.append(Block(BlockKind.NOTE, said[done:].strip()))
    return tuple(block for block in blocks if block.text) if done else ()


def unwrapped(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return *blocks* with the tags inside their prompts taken away."""
    found: list[Block] = []
    for block in blocks:
        found.extend(typed(block.text) if block.kind is BlockKind.PROMPT else (block,))
    return tuple(found)


def kind_of(blocks: tuple[Block, ...]) -> Kind:
    """Return what a user's message of *blocks* is: typed by a person, or put in by the program."""
    human = any(block.kind in {BlockKind.PROMPT, BlockKind.IMAGE} for block in blocks)
    return Kind.PROMPT if human or not blocks else Kind.META
