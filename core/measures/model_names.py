"""The name by which a price list knows a model, out of the name that a log has for it.

Logs name one model in many ways: with the gateway's or the cloud's prefix, with a region, with
a context window in brackets. The tables below undo what is known and nothing else; a name that
they do not cover stays as it is, and is then most likely unpriced.
"""

import re
from dataclasses import dataclass
from typing import Final

# Says through whom the model was asked, not which one it is.
_WRAPPERS: Final = (
    "openrouter/",
    "litellm_proxy/",
    "bedrock/converse/",
    "bedrock/",
    "vertex_ai/",
    "github-copilot/",
    "github_copilot/",
    "copilot/",
    "publishers/anthropic/models/",
    "publishers/google/models/",
    "models/",
)

# A maker's name before the slash → the price list's name for that maker.
_MAKERS: Final = {
    "anthropic": "anthropic",
    "openai": "openai",
    "google": "google",
    "gemini": "google",
    "deepseek": "deepseek",
    "moonshotai": "moonshotai",
    "moonshot-ai": "moonshotai",
    "moonshot": "moonshotai",
    "x-ai": "x-ai",
    "xai": "x-ai",
    "z-ai": "zai",
    "zai": "zai",
    "minimax": "minimax",
    "mistral": "mistral",
    "mistralai": "mistral",
    "cursor": "cursor",
}

# Makers without a list of their own: OpenRouter's price, under the whole name.
_MARKET: Final = frozenset({"qwen", "meta-llama", "nvidia", "stepfun", "xiaomi"})

# Families whose maker the price list does not tell from the name, or tells in another currency.
_FAMILIES: Final = (("codex-mini", "openai"), ("glm-", "zai"))

# https://docs.aws.amazon.com/bedrock/latest/userguide/models-supported.html
_BEDROCK: Final = re.compile(
    r"(?:arn:aws[^/]*/)?(?:(?:us-gov|us|eu|apac|jp|au|ca|global)\.)?anthropic\.(.+)"
)
_BEDROCK_VERSION: Final = re.compile(r"(?<=\d)-v\d+(?::\d+k?)*$")
_WINDOW: Final = re.compile(r"\[\d+[km]\]$")  # Claude Code's mark of a long context window
_ALIAS: Final = re.compile(r"@(?:default|latest)$")
_POINT: Final = re.compile(r"(?<=\d)\.(?=\d)")  # claude-opus-4.5 and claude-opus-4-5 are one


@dataclass(frozen=True, slots=True)
class Name:
    """A model as a price list has it."""

    model: str
    maker: str = ""  # the price list's own name for the maker; "" = to be told from the model
    fast: bool = False  # the name itself says that the answer was bought at the fast price


def named(model: str) -> Name | None:
    """Return the name of *model* in a price list; None for names that nobody has a price for.

    A colon that no table explains marks a local model (``qwen3:8b``) or a variant that costs
    something else (``…:free``): neither may get the price of the model it is called after.
    """
    name = model.strip().lower()
    while (bare := _unwrapped(name)) != name:
        name = bare
    if bedrock := _BEDROCK.fullmatch(name):
        name = "anthropic/" + _BEDROCK_VERSION.sub("", bedrock[1])
    maker, slash, rest = name.partition("/")
    if ":" in name or not name:
        return None
    if slash and maker in _MARKET:
        return Name(name, "openrouter")
    if slash and maker in _MAKERS:
        return _claude(rest, _MAKERS[maker])
    family = next((maker for start, maker in _FAMILIES if name.startswith(start)), "")
    return _claude(name, family)


def _unwrapped(name: str) -> str:
    return next((name[len(start) :] for start in _WRAPPERS if name.startswith(start)), name)


def _claude(name: str, maker: str) -> Name:
    """Write a Claude model's *name* as Anthropic does; leave every other as it is."""
    if not name.startswith("claude-"):
        return Name(name, maker)
    name = _ALIAS.sub("", _WINDOW.sub("", name)).replace("@", "-")
    return Name(_POINT.sub("-", name.removesuffix("-fast")), maker, fast=name.endswith("-fast"))
