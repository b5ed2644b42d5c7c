"""What no text may have in it: the expression spells out what Unicode never changes."""

import sys
import unicodedata

from syncplay_backend.domain import fields


def test_what_is_forbidden_is_what_unicode_calls_control_surrogate_and_line_end() -> None:
    """And the characters that turn a text round."""
    turning = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
    forbidden = {c for c in map(chr, range(sys.maxunicode + 1)) if fields._FORBIDDEN.search(c)}

    kinds = {unicodedata.category(c) for c in forbidden - turning}
    assert kinds == {"Cc", "Cs", "Zl", "Zp"}
    allowed = (c for c in map(chr, range(sys.maxunicode + 1)) if c not in forbidden)
    assert not {unicodedata.category(c) for c in allowed} & kinds
    assert turning <= forbidden
