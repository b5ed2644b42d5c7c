"""What a browser may load for a page: the Content-Security-Policy of each.

Nothing inline and nothing evaluated, on any page; and nobody else's host but on the room's.
"""

from typing import Final, TypeAlias

Policy: TypeAlias = dict[str, list[str]]

SELF: Final = "'self'"
NONE: Final = "'none'"
YOUTUBE: Final = "https://www.youtube.com"
YOUTUBE_WITHOUT_COOKIES: Final = "https://www.youtube-nocookie.com"
VIMEO: Final = "https://player.vimeo.com"

EVERYWHERE: Final[Policy] = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF, "data:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "manifest-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
}

# A video is wherever its owner has put it. Its pieces (HLS) and subtitles are fetched, and what is
# put together of them is a blob:.
ROOM: Final[Policy] = {
    **EVERYWHERE,
    "script-src": [SELF, YOUTUBE, VIMEO],
    "frame-src": [YOUTUBE_WITHOUT_COOKIES, YOUTUBE, VIMEO],
    "media-src": [SELF, "https:", "http:", "blob:"],
    "connect-src": [SELF, "https:", "http:"],
}
