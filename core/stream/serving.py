"""The sockets: on loopback only, at a free port; lets in who may, and no more than fit."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from http import HTTPStatus
from itertools import count
from sqlite3 import Connection
from typing import Final

from typing_extensions import override
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.http11 import Request, Response

from core.stream import admission, requests
from core.stream.address import Address
from core.stream.admission import Asked
from core.stream.bucket import Bucket
from core.stream.deflate import Deflating
from core.stream.hub import Hub
from core.stream.settings import Limits
from core.stream.talking import Talk
from core.stream.tool import Tool

_SEND_BUFFER: Final = 256 * 1024  # bytes the system holds for a tool, beyond those we count

# The library that speaks the protocol logs headers, which tokens are in: nothing of it is kept.
_quiet = logging.getLogger("core.stream.websockets")
_quiet.setLevel(logging.CRITICAL)


def listening() -> tuple[list[socket.socket], int]:
    """Return sockets that listen on loopback, and their port: IPv4, and IPv6 if there is any.

    Raises:
        OSError: there is no loopback to listen on.
    """
    first = socket.create_server(("127.0.0.1", 0))
    port: int = first.getsockname()[1]
    found = [first]
    if socket.has_ipv6:
        # No IPv6 here, or somebody else's port: one address is enough.
        with contextlib.suppress(OSError):
            found.append(socket.create_server(("::1", port), family=socket.AF_INET6))
    for one in found:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
    return found, port


def urls(sockets: list[socket.socket], port: int) -> tuple[str, ...]:
    """Return the addresses that *sockets* are reached at."""
    names = {socket.AF_INET: "127.0.0.1", socket.AF_INET6: "[::1]"}
    return tuple(f"ws://{names[one.family]}:{port}/" for one in sockets)


@asynccontextmanager
async def serving(
    sockets: list[socket.socket], address: Address, db: Connection, hub: Hub, limits: Limits
) -> AsyncGenerator[None]:
    """Serve tools on *sockets* while the body runs; then close every connection with 1001."""
    door = _Door(address, db, hub, limits)
    servers: list[Server] = []
    async with AsyncExitStack() as stack:
        for one in sockets:
            server = await stack.enter_async_context(
                serve(
                    door.talk,
                    sock=one,
                    process_request=door.admit,
                    compression=None,
                    extensions=[Deflating(limits.compress_from)],
                    server_header=None,
                    open_timeout=limits.open_s,
                    ping_interval=limits.ping_s,
                    ping_timeout=limits.pong_s,
                    close_timeout=limits.close_s,
                    max_size=limits.incoming,
                    max_queue=4,
                    logger=_quiet,
                    create_connection=_counted(door),
                )
            )
            servers.append(server)
        yield
        for server in servers:  # at the same time, so that leaving takes one tool's patience
            server.close()


class _Door:
    """Lets tools in, and counts who stands before it."""

    def __init__(self, address: Address, db: Connection, hub: Hub, limits: Limits) -> None:
        self._address, self._db, self._hub, self._limits = address, db, hub, limits
        self._numbers = count(1)
        self._clock = asyncio.get_running_loop().time
        self.open: set[ServerConnection] = set()  # connections, whether let in or not
        self._let_in: set[ServerConnection] = set()

    @property
    def full(self) -> bool:
        """Whether no more connections are to be looked at."""
        return len(self.open) >= self._limits.tools + self._limits.waiting

    def refuse(self, kind: str) -> None:
        """Count a connection that was refused."""
        self._hub.counting.error(kind)

    def closed(self, connection: ServerConnection) -> None:
        """Note that *connection* has ended."""
        self.open.discard(connection)
        self._let_in.discard(connection)

    def admit(self, connection: ServerConnection, request: Request) -> Response | None:
        """Return what a connection is refused with; None: it is let in."""
        headers = request.headers
        asked = Asked(
            request.path,
            headers.get_all("Host"),
            headers.get_all("Origin"),
            headers.get_all("Authorization"),
        )
        refusal = admission.refusal(asked, self._address.port, self._address.token)
        if refusal is not None:
            self.refuse(refusal.kind)
            response = connection.respond(refusal.status, refusal.sentence + "\n")
            if refusal.status is HTTPStatus.UNAUTHORIZED:
                response.headers["WWW-Authenticate"] = "Bearer"
            return response
        if len(self._let_in) >= self._limits.tools:
            self.refuse("full")
            sentence = f"No more than {self._limits.tools} tools may be connected.\n"
            return connection.respond(HTTPStatus.SERVICE_UNAVAILABLE, sentence)
        self._let_in.add(connection)
        return None

    async def talk(self, connection: ServerConnection) -> None:
        """Serve the tool at the other end of *connection*."""
        request = connection.request
        agents = request.headers.get_all("User-Agent") if request is not None else []
        peer = connection.remote_address
        now = self._clock()
        tool = Tool(
            next(self._numbers),
            connection,
            requests.named(agents[0]) if agents else "",
            f"{peer[0]}:{peer[1]}" if peer else "",
            now,
            Bucket(self._limits.burst, self._limits.per_minute),
        )
        self._hub.join(tool)
        try:
            await Talk(self._db, self._hub, tool).run()
        finally:
            self._hub.leave(tool)


def _counted(door: _Door) -> type[ServerConnection]:
    class Counted(ServerConnection):
        """A connection that is closed at once where there are too many that say nothing."""

        @override
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            super().connection_made(transport)
            if door.full:
                door.refuse("crowd")
                self.transport.abort()
            door.open.add(self)

        @override
        def connection_lost(self, exc: Exception | None) -> None:
            door.closed(self)
            super().connection_lost(exc)

    return Counted
