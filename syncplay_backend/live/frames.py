"""Text frames of the WebSocket protocol, made once for all the sockets that they go to.

RFC 6455, 5.2: FIN and opcode 1, no mask from a server, a length of 7, 16 or 64 bits.
"""

from struct import pack

_FIN_TEXT = 0x81
_SIXTEEN_BITS, _SIXTY_FOUR_BITS = 126, 127
_HEADER_SIZES = {_SIXTEEN_BITS: 4, _SIXTY_FOUR_BITS: 10}


def text_frame(text: str) -> bytes:
    """The frame that carries the text: all that goes onto the wire for it."""
    payload = text.encode()
    length = len(payload)
    if length < _SIXTEEN_BITS:
        return bytes((_FIN_TEXT, length)) + payload
    if length < 1 << 16:
        return pack("!BBH", _FIN_TEXT, _SIXTEEN_BITS, length) + payload
    return pack("!BBQ", _FIN_TEXT, _SIXTY_FOUR_BITS, length) + payload


def text_of(frame: bytes) -> str:
    """The text that a frame of ours carries."""
    return frame[_HEADER_SIZES.get(frame[1], 2) :].decode()
