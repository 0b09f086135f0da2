"""What a conversation cost at API prices, how sure its tokens are, and what its program says.

All amounts are whole micro-dollars. Every API reply is counted once in the whole library, and so
is its price; replies without a price are told apart, never guessed.
"""

from dataclasses import dataclass
from enum import StrEnum
from sqlite3 import Connection

from core.queries.order import IN_ORDER


class Confidence(StrEnum):
    """How sure a sum of tokens is."""

    EXACT = "exact"  # the agent program's own account covers the whole conversation
    FINAL = "final snapshot"  # every reply was logged to its end
    PARTIAL = "partial snapshot"  # of some replies only the beginning was logged: at least so much


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens by kind."""

    input: int = 0
    output: int = 0
    cache_read: int = 0
    cache_creation: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.input + self.output + self.cache_read + self.cache_creation

    def __add__(self, other: "Tokens") -> "Tokens":
        """Return both together."""
        return Tokens(
            self.input + other.input,
            self.output + other.output,
            self.cache_read + other.cache_read,
            self.cache_creation + other.cache_creation,
        )


NONE = Tokens()


@dataclass(frozen=True, slots=True)
class Took:
    """What some replies took. *unpriced* replies are not in *cost*."""

    cost: int = 0
    unpriced: int = 0
    tokens: Tokens = NONE

    def __add__(self, other: "Took") -> "Took":
        """Return both together."""
        return Took(
            self.cost + other.cost, self.unpriced + other.unpriced, self.tokens + other.tokens
        )


@dataclass(frozen=True, slots=True)
class ModelSpend:
    """What the replies of one model took. *unpriced* replies are not in *cost*."""

    model: str  # "" where the log names none
    replies: int
    partial: int  # replies that carry no stop reason
    unpriced: int
    cost: int
    tokens: Tokens
    first_at: int | None
    last_at: int | None


@dataclass(frozen=True, slots=True)
class Stated:
    """What the agent program itself says that a session has cost, last of all it said.

    It goes on counting when a session is resumed, in a copy of it too: never to be added up over
    sessions that copy each other. *complete*: it knew the price of every model.
    """

    session: str
    cost: int
    complete: bool
    models: tuple[tuple[str, int, Tokens], ...] = ()  # model, micro-dollars, tokens


@dataclass(frozen=True, slots=True)
class Spend:
    """What a conversation cost, its agents included."""

    models: tuple[ModelSpend, ...]  # the dearest first
    stated: tuple[Stated, ...]
    exact: bool  # the agent program's own account covers it

    @property
    def cost(self) -> int:
        """The API price of all replies that have one."""
        return sum(one.cost for one in self.models)

    @property
    def replies(self) -> int:
        """How many API replies are counted."""
        return sum(one.replies for one in self.models)

    @property
    def partial(self) -> int:
        """How many of them carry no stop reason, so that more may have followed."""
        return sum(one.partial for one in self.models)

    @property
    def unpriced(self) -> int:
        """How many replies with tokens have no price."""
        return sum(one.unpriced for one in self.models)

    @property
    def unpriced_models(self) -> tuple[str, ...]:
        """The models of which a reply has no price."""
        return tuple(one.model for one in self.models if one.unpriced)

    @property
    def tokens(self) -> Tokens:
        """The tokens: by the agent program's own account where that is complete."""
        if self.exact:
            return sum((use for one in self.stated for _, _, use in one.models), NONE)
        return sum((one.tokens for one in self.models), NONE)

    @property
    def confidence(self) -> Confidence | None:
        """How sure the tokens are; None where the log holds none."""
        if self.exact:
            return Confidence.EXACT
        if not self.tokens.total:
            return None
        return Confidence.PARTIAL if self.partial else Confidence.FINAL


NO_PRICE = (  # for SQL, over `reply`
    "reply.cost IS NULL AND "
    "reply.input + reply.output + reply.cache_read + reply.cache_creation > 0"
)
MODELS = f"""
SELECT model, count(*), sum(final = 0), sum({NO_PRICE}), coalesce(sum(reply.cost), 0),
       min(at), max(at), sum(input), sum(output), sum(cache_read), sum(cache_creation)
FROM session CROSS JOIN reply INDEXED BY reply_by_session ON reply.session_id = session.id
WHERE session.conversation_id = :id AND reply.counted = 1
GROUP BY model ORDER BY 5 DESC, sum(output) DESC, model
"""  # noqa: S608  a constant
STATED = f"""
SELECT id, key, stated, complete, shared FROM session
WHERE conversation_id = :id AND agent = '' AND stated IS NOT NULL ORDER BY {IN_ORDER}
"""  # noqa: S608  a constant
STATED_MODELS = """
SELECT model, micro, input, output, cache_read, cache_creation FROM model_cost
WHERE session_id = :session ORDER BY micro DESC, model
"""
# Sessions that go by themselves: with replies, or a person's prompts, and no account of their own.
SILENT = """
SELECT EXISTS (SELECT 1 FROM session WHERE conversation_id = :id AND agent = '' AND ghost = 0
    AND stated IS NULL AND (messages > 0 OR cost > 0 OR unpriced > 0))
"""


def spend(db: Connection, conversation: int) -> Spend:
    """Return what *conversation* cost and how sure that is."""
    asked = {"id": conversation}
    models = tuple(
        ModelSpend(model, replies, partial, unpriced, cost, Tokens(*tokens), first, last)
        for model, replies, partial, unpriced, cost, first, last, *tokens in db.execute(
            MODELS, asked
        )
    )
    stated: list[Stated] = []
    copies = False
    for id_, key, cost, complete, shared in db.execute(STATED, asked).fetchall():
        by_model = tuple(
            (model, micro, Tokens(*tokens))
            for model, micro, *tokens in db.execute(STATED_MODELS, {"session": id_})
        )
        stated.append(Stated(key, cost, bool(complete), by_model))
        copies = copies or bool(shared)
    return Spend(models, tuple(stated), exact=_covers(db, asked, models, stated, copies=copies))


def _covers(
    db: Connection,
    asked: dict[str, int],
    models: tuple[ModelSpend, ...],
    stated: list[Stated],
    *,
    copies: bool,
) -> bool:
    """Tell whether the program's account is of everything in the log.

    Each session needs one, and it must not be older than the log's last reply: then it would
    hold fewer tokens than the log. Accounts of sessions that copy each other overlap.
    """
    if not stated or (copies and len(stated) > 1) or db.execute(SILENT, asked).fetchone()[0]:
        return False
    theirs = sum((use for one in stated for _, _, use in one.models), NONE)
    ours = sum((one.tokens for one in models), NONE)
    return 0 < ours.total <= theirs.total and ours.output <= theirs.output
