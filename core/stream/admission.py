"""Who may connect: programs of this user on this computer, and no web page.

A browser sends ``Origin`` with every WebSocket it opens, whatever page asked for it, so any
``Origin`` at all is refused. A page that makes a name of its own mean 127.0.0.1 still sends that
name as ``Host``. The token is known to who may read a file of mode 0600.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

_SCHEME: Final = "bearer "


@dataclass(frozen=True, slots=True)
class Asked:
    """What a connection's first request says. Every header as often as it was sent."""

    path: str
    host: Sequence[str]
    origin: Sequence[str]
    authorization: Sequence[str]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a connection was not let in."""

    status: HTTPStatus
    kind: str  # for the metrics
    sentence: str


def refusal(asked: Asked, port: int, token: str) -> Refusal | None:
    """Return why *asked* is refused by the stream at *port* with *token*; None: it is not."""
    if asked.origin:
        return Refusal(HTTPStatus.FORBIDDEN, "origin", "Web pages may not connect.")
    if len(asked.host) != 1 or asked.host[0].lower() not in _hosts(port):
        return Refusal(HTTPStatus.FORBIDDEN, "host", "The Host header has to be this address.")
    if len(asked.authorization) != 1 or not _known(asked.authorization[0], token):
        return Refusal(HTTPStatus.UNAUTHORIZED, "token", "The token of the address file is needed.")
    if asked.path != "/":
        return Refusal(HTTPStatus.NOT_FOUND, "path", "There is nothing here but /.")
    return None


def _hosts(port: int) -> frozenset[str]:
    return frozenset(f"{name}:{port}" for name in ("127.0.0.1", "[::1]", "localhost"))


def _known(said: str, token: str) -> bool:
    given = said[len(_SCHEME) :].strip() if said[: len(_SCHEME)].lower() == _SCHEME else ""
    # In constant time: how long it takes tells nothing of how much was right.
    return hmac.compare_digest(given.encode("utf-8", "replace"), token.encode())
