import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec import Struct

from syncplay_backend.domain import limits
from syncplay_backend.domain.errors import Code, Refused
from syncplay_backend.domain.fields import (
    Key,
    Name,
    Password,
    Position,
    Title,
    VideoUrl,
    clean_key,
    clean_name,
    clean_password,
    clean_title,
    clean_url,
    read,
)
from tests.domain.cast import ALICES_KEY

E_ACUTE = "e\u0301"
BAD_CHARACTERS = ["\x00", "\x07", "a\nb", "a\tb", "\x7f", "\x85x", "a\u2028b", "a\u2029b", "\ud800"]

any_text = st.text(st.characters(), max_size=300)


class Form(Struct):
    name: Name
    url: VideoUrl | None = None
    position: Position | None = None


def refusal(kind, data):
    with pytest.raises(Refused) as caught:
        read(kind, data)
    return caught.value


class TestNames:
    def test_a_name_is_kept_as_it_is(self):
        assert clean_name("Alice") == "Alice"

    def test_a_name_is_trimmed(self):
        assert clean_name(" \t Alice \n") == "Alice"

    def test_a_name_is_composed(self):
        assert clean_name(f"Ren{E_ACUTE}") == "Ren\u00e9"

    def test_a_name_may_be_in_any_script(self):
        for name in ("李雷", "Ольга", "نور", "עדי", "👩\u200d🚀 Ada", "ไทย"):
            assert clean_name(name) == name

    @pytest.mark.parametrize("bad", [f"a{bad}b" for bad in BAD_CHARACTERS])
    def test_a_name_has_no_control_characters(self, bad):
        with pytest.raises(ValueError, match="Control characters"):
            clean_name(bad)

    def test_a_name_does_not_turn_round_what_follows_it(self):
        with pytest.raises(ValueError, match="Control characters"):
            clean_name("Bob\u202egnp.exe")

    @pytest.mark.parametrize(
        "blank", ["", "   ", "\u200b", "\u00a0", "\u2800", "\u3164", "\u115f", "\u0301", "\ufe0f"]
    )
    def test_a_name_is_to_be_seen(self, blank):
        with pytest.raises(ValueError, match="empty"):
            clean_name(blank)

    def test_a_name_has_eighty_characters_at_most(self):
        assert clean_name("x" * 80) == "x" * 80
        with pytest.raises(ValueError, match="80"):
            clean_name("x" * 81)

    def test_the_length_is_counted_after_composing_and_trimming(self):
        assert clean_name(" " * 500 + E_ACUTE * 80) == "\u00e9" * 80

    @pytest.mark.parametrize("other", [5, None, True, ["Alice"], {}, b"Alice"])
    def test_a_name_is_a_text(self, other):
        with pytest.raises(TypeError, match="text"):
            clean_name(other)

    def test_many_marks_on_one_letter_are_refused_before_they_cost_anything(self, monkeypatch):
        with monkeypatch.context() as patch:
            patch.setattr(unicodedata, "normalize", lambda *_: pytest.fail("composed"))
            with pytest.raises(ValueError, match="80"):
                clean_name("a" + "\u0300\u0316" * 16_000)


class TestOtherTexts:
    def test_a_title_may_be_empty(self):
        assert clean_title("  ") == ""

    def test_a_title_has_two_hundred_characters_at_most(self):
        assert clean_title("x" * 200) == "x" * 200
        with pytest.raises(ValueError, match="200"):
            clean_title("x" * 201)

    def test_an_empty_password_is_none(self):
        assert clean_password("  ") == ""

    def test_a_password_is_the_same_however_it_was_composed(self):
        assert clean_password(f"caf{E_ACUTE}") == clean_password("caf\u00e9")

    @given(any_text, st.sampled_from([clean_name, clean_title, clean_password]))
    def test_no_text_comes_through_with_a_control_character(self, text, clean):
        try:
            cleaned = clean(text)
        except ValueError:
            return
        assert not {unicodedata.category(c) for c in cleaned} & {"Cc", "Cs", "Zl", "Zp"}

    @given(any_text, st.sampled_from([clean_name, clean_title, clean_password]))
    def test_a_clean_text_is_clean(self, text, clean):
        try:
            cleaned = clean(text)
        except ValueError:
            assume(False)
        assert clean(cleaned) == cleaned
        assert len(cleaned) <= limits.TITLE_LENGTH
        assert type(cleaned) in {Name, Title, Password}


class TestVideoUrls:
    @pytest.mark.parametrize(
        "url",
        [
            "https://example.com/film.mp4",
            "http://localhost:8000/a%20b.webm?t=1#x",
            "https://192.168.1.2/film",
            "https://[2001:db8::1]:8443/film.m3u8",
            "HTTPS://EXAMPLE.COM/",
            "https://b\u00fccher.example/film",
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
            "https://example.com",
            "https://example.com./a@b:c",
        ],
    )
    def test_an_address_of_the_web_is_taken(self, url):
        assert clean_url(f" {url} ") == url

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "film.mp4",
            "//example.com/film",
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,hi",
            "file:///etc/passwd",
            "ftp://example.com/film",
            "blob:https://example.com/1",
            "https:example.com",
            "https:///film",
            "https://",
            "https://alice@example.com/",
            "https://alice:secret@example.com/",
            "https://@example.com/",
            "https://:@example.com/",
            "https://exa mple.com/",
            "https://example.com/a b",
            "https:\\\\example.com\\",
            "https://example.com\\@evil.example/",
            "https://example.com:0/",
            "https://example.com:99999/",
            "https://example.com:http/",
            "https://[::1/",
            "https://[::1]evil.example/",
            "https://evil[::1]/",
            "https://[nonsense]/",
            "https://a..b/",
            "https://a%00b/",
            "https://" + "a" * 64 + ".example/",
            "https://exam\u0000ple.com/",
            "https://ex<am>ple.com/",
        ],
    )
    def test_anything_else_is_refused(self, url):
        with pytest.raises(ValueError, match=r"\.$"):
            clean_url(url)

    def test_an_address_has_two_thousand_characters_at_most(self):
        longest = "https://example.com/".ljust(2_000, "x")

        assert clean_url(longest) == longest
        with pytest.raises(ValueError, match="2000"):
            clean_url(longest + "x")

    @given(st.one_of(any_text, any_text.map("https://".__add__), any_text.map("http://a".__add__)))
    def test_whatever_comes_through_is_http(self, text):
        try:
            url = clean_url(text)
        except ValueError:
            return
        assert url.lower().startswith(("http://", "https://"))
        assert not any(c.isspace() or c in "\\\x00" for c in url)


class TestKeys:
    def test_a_key_is_a_uuid_in_upper_or_lower_case(self):
        text = str(ALICES_KEY.value)

        assert clean_key(text) == clean_key(text.upper()) == ALICES_KEY

    @pytest.mark.parametrize(
        "bad",
        [
            "",
            "alice",
            "a" * 32,
            "{aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa}",
            "urn:uuid:aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa",
            " aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa",
            "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa\n",
            "00000000-0000-0000-0000-000000000000",
            "ffffffff-ffff-ffff-ffff-ffffffffffff",
            "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
            "\uff11" * 8 + "-aaaa-4aaa-8aaa-aaaaaaaaaaaa",
            7,
            None,
            True,
        ],
    )
    def test_nothing_else_is_a_key(self, bad):
        with pytest.raises(ValueError, match="random UUID"):
            clean_key(bad)

    def test_a_key_is_never_shown(self):
        assert str(ALICES_KEY.value) not in f"{ALICES_KEY} {ALICES_KEY!r} {[ALICES_KEY]}"

    def test_a_hash_belongs_to_one_key(self):
        assert ALICES_KEY.hash == Key(ALICES_KEY.value).hash
        assert ALICES_KEY.hash != Key(ALICES_KEY.value.__class__(int=1)).hash
        assert len(ALICES_KEY.hash) == 32

    def test_equal_keys_are_one_in_a_set(self):
        assert len({ALICES_KEY, Key(ALICES_KEY.value)}) == 1


class TestPositions:
    @pytest.mark.parametrize("position", [0, 120, 120.25, 10_000_000])
    def test_a_position_is_a_number(self, position):
        assert read(Form, {"name": "x", "position": position}).position == position

    @pytest.mark.parametrize(
        ("position", "said"),
        [
            ("120", "This must be a number."),
            (True, "This must be a number."),
            ([1], "This must be a number."),
            (-0.001, "This may not be negative."),
            (10_000_000.001, "This is too large."),
            (10**400, "This is too large."),
            (float("inf"), "This is too large."),
        ],
    )
    def test_and_nothing_else(self, position, said):
        assert refusal(Form, {"name": "x", "position": position}).errors == {"position": [said]}

    def test_not_a_number_is_no_position(self):
        assert "position" in refusal(Form, {"name": "x", "position": float("nan")}).errors


class TestRead:
    def test_unknown_fields_are_ignored(self):
        assert read(Form, {"name": "Alice", "colour": "red"}) == Form(Name("Alice"))

    def test_fields_are_cleaned(self):
        assert read(Form, {"name": " Alice "}).name == "Alice"

    def test_every_field_at_fault_is_named(self):
        refused = refusal(Form, {"name": " ", "url": "file:///x", "position": -1})

        assert refused.code is Code.INVALID
        assert set(refused.errors) == {"name", "url", "position"}
        assert all(len(said) == 1 for said in refused.errors.values())

    def test_the_message_is_about_the_first_one(self):
        assert refusal(Form, {}).message == "name: This field is required."

    @pytest.mark.parametrize("other", [None, [], "x", 5, True])
    def test_only_an_object_can_be_read(self, other):
        assert refusal(Form, other).code is Code.INVALID

    def test_a_field_that_is_named_like_our_own_mark_is_unknown_too(self):
        class Tagged(Struct, tag="tagged"):
            name: Name

        assert read(Tagged, {"type": "something else", "name": "x"}).name == "x"
