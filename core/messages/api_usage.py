"""Token counts as the APIs of different providers name them.

Anthropic counts what was read from a cache beside the input, OpenAI inside it.
"""

from core.messages import claude_code
from core.model import Usage
from core.records.fields import JsonObject, count, mapping

_OPENAI = (  # how the whole input, its details and the output are called, by API
    ("prompt_tokens", "prompt_tokens_details", "completion_tokens"),
    ("input_tokens", "input_tokens_details", "output_tokens"),
    ("promptTokens", "promptTokensDetails", "completionTokens"),
    ("inputTokens", "inputTokensDetails", "outputTokens"),
)


def usage(data: JsonObject) -> Usage:
    """Return the token counts of *data*, a ``usage`` object of any of the usual APIs."""
    if "cache_read_input_tokens" in data or "cache_creation_input_tokens" in data:
        return claude_code.usage(data)
    for whole, details, output in _OPENAI:
        if whole in data or output in data:
            cached = count(mapping(data.get(details)), "cached_tokens")
            cached = min(cached, count(data, whole))
            return Usage(
                input=count(data, whole) - cached, output=count(data, output), cache_read=cached
            )
    return Usage()
