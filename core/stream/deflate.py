"""permessage-deflate that leaves short messages as they are: they would not get shorter."""

from collections.abc import Sequence

from typing_extensions import override
from websockets.extensions import Extension, ServerExtensionFactory
from websockets.extensions.permessage_deflate import (
    PerMessageDeflate,
    ServerPerMessageDeflateFactory,
)
from websockets.frames import CTRL_OPCODES, Frame
from websockets.typing import ExtensionName, ExtensionParameter

_WINDOW_BITS = 12  # 4 KiB a connection instead of 32
_MEMORY = 5  # of zlib's levels, from 1 to 9


class Deflating(ServerExtensionFactory):
    """Offers compression of messages of at least *least* bytes to tools that can undo it.

    Nothing is remembered from one message to the next, so that what waits for thousands of
    messages costs nothing, and no message tells of another one by its length.
    """

    name = ExtensionName("permessage-deflate")

    def __init__(self, least: int) -> None:
        self._least = least
        self._usual = ServerPerMessageDeflateFactory(
            server_no_context_takeover=True,
            client_no_context_takeover=True,
            server_max_window_bits=_WINDOW_BITS,
            compress_settings={"memLevel": _MEMORY},
        )

    @override
    def process_request_params(
        self, params: Sequence[ExtensionParameter], accepted_extensions: Sequence[Extension]
    ) -> tuple[list[ExtensionParameter], Extension]:
        answer, usual = self._usual.process_request_params(params, accepted_extensions)
        return answer, _Long(usual, self._least)


class _Long(Extension):
    """What *usual* does, for messages of at least *least* bytes."""

    name = ExtensionName("permessage-deflate")

    def __init__(self, usual: PerMessageDeflate, least: int) -> None:
        self._usual = usual
        self._least = least

    @override
    def decode(self, frame: Frame, *, max_size: int | None = None) -> Frame:
        return self._usual.decode(frame, max_size=max_size)

    @override
    def encode(self, frame: Frame) -> Frame:
        # The stream never sends a message in several frames: each is judged by itself.
        if frame.opcode in CTRL_OPCODES or len(frame.data) < self._least:
            return frame
        return self._usual.encode(frame)
