"""Text that is safe to paste: no secrets, no marks of a log's own, no rule that allows anything.

What a finding quotes comes from commands and from their output, which anybody may have
written. In a line for CLAUDE.md it stands between marks that it cannot close, on one line.
"""

import json
import re
from typing import Final

from core.analysis.findings.sighting import shown
from core.redaction import SECRETS, redacted

LONGEST: Final = 300  # letters that are quoted
_HIDDEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")
_MARKS: Final = str.maketrans({"`": "'", "“": '"', "”": '"'})
_RULE: Final = re.compile(r"Bash\(([\w./@+-]+(?: [\w./@:+-]+)*):\*\)|[\w-]+")
_EDITS: Final = frozenset({"Write", "Edit", "MultiEdit", "NotebookEdit"})
_READS: Final = frozenset({"Read", "Grep", "Glob", "LS"})
# Programs that run what they are given, destroy, or reach other computers.
_RISKY: Final = re.compile(
    r"Bash$|Bash\((?:sudo|su|doas|rm|rmdir|dd|mkfs\S*|shred|chmod|chown|kill|killall|pkill|curl|wget"
    r"|nc|ssh|scp|rsync|bash|sh|zsh|fish|powershell\S*|pwsh\S*|cmd\S*|python\S*|node|deno|perl|ruby"
    r"|php|eval|exec|source|xargs|find|env|npx|bunx|uvx|docker|kubectl|helm|aws|gcloud|az"
    r"|terraform|psql|mysql|sqlite3|git(?: (?:push|reset|clean|checkout|restore|rebase|config))?"
    r"|npm publish|gh(?: api)?)(?:[ :].*)?\)$"
)
_ORDINARY_GIT: Final = re.compile(
    r"Bash\(git (?!push|reset|clean|checkout|restore|rebase|config)\w"
)


def plain(text: str) -> str:
    """Return *text* on one line, without secrets, hidden letters and marks that end a quote."""
    seen = _HIDDEN.sub(" ", redacted(text, SECRETS))
    return shown(seen.translate(_MARKS), LONGEST)


def allowing(rule: str) -> str:
    """Return the setting that lets *rule* pass; "" where nobody should let all of it pass.

    Tools that read or edit files are let pass in the project's folder only.
    """
    risky = _RISKY.match(rule) and not _ORDINARY_GIT.match(rule)
    if risky or not _RULE.fullmatch(rule):
        return ""
    if rule in _EDITS:
        rule = "Edit(./**)"
    elif rule in _READS:
        rule = "Read(./**)"
    return json.dumps({"permissions": {"allow": [rule]}})


def denying(rule: str) -> str:
    """Return the setting that never lets *rule* pass; "" if that would stop all work."""
    if not _RULE.fullmatch(rule) or rule in _EDITS | _READS | {"Bash"}:
        return ""
    return json.dumps({"permissions": {"deny": [rule]}})
