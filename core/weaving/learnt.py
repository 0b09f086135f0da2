"""Which weights a library is threaded with: those that come with Clew, or with its own words."""

from hashlib import blake2b
from sqlite3 import Connection

from core.threads.weights import REVISION, Weights, dump, parse, shipped

WORDING = 3  # revision of how weights are used, and of topics, summaries and counts
_OWN = """
SELECT version, weights FROM thread_weights
WHERE kept = 1 AND base = :base ORDER BY version DESC LIMIT 1
"""


def revision(weights: Weights) -> str:
    """Return a name for *weights* that another set of numbers does not have."""
    digest = blake2b(dump(weights).encode(), digest_size=4).hexdigest()
    return f"{REVISION}.{WORDING}.{digest}"


def fitting(db: Connection) -> tuple[str, Weights]:
    """Return the weights for the library *db*, after the name of their revision.

    Those learnt from the library itself set out from shipped ones; when Clew comes with
    others, these are taken until it has learnt again. So are they while learning is off.
    """
    weights = shipped()
    base = revision(weights)
    on = db.execute("SELECT value FROM thread_setting WHERE key = 'self_training'").fetchone()
    row = db.execute(_OWN, {"base": base}).fetchone() if on and on[0] else None
    if row is None:
        return base, weights
    try:
        own = parse(row[1])
    except ValueError:
        return base, weights
    return f"{base}+{row[0]}", own
