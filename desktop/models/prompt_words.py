"""Who wrote what stands on the user's side, in a few words; typing is not worth any."""

from core.model import PromptKind
from desktop.look.words import translate


def chip(prompt: PromptKind | None) -> str:
    """Return how *prompt* came to be; empty if a person typed it, or the row's name tells."""
    said = {
        PromptKind.SLASH: translate("prompt_words", "slash command"),
        PromptKind.BASH: translate("prompt_words", "shell"),
        PromptKind.QUEUED: translate("prompt_words", "queued while busy"),
        PromptKind.SDK: translate("prompt_words", "by a program"),
        PromptKind.HOOK: translate("prompt_words", "hook"),
        PromptKind.TEAMMATE: translate("prompt_words", "team mate"),
        PromptKind.NOTIFICATION: translate("prompt_words", "notification"),
    }
    return said.get(prompt, "") if prompt is not None else ""


def by_person(prompt: PromptKind | None) -> bool:
    """Return whether *prompt* is a person's own, as one is unless the log says otherwise."""
    others = {PromptKind.SDK, PromptKind.HOOK, PromptKind.TEAMMATE, PromptKind.NOTIFICATION}
    return prompt not in {*others, PromptKind.SYSTEM}
