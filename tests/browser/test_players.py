"""Every kind of video, and the ones that fail."""

from pathlib import Path

import pytest
from playwright.async_api import Route, expect

from tests.browser.cast import are_together, say, until
from tests.browser.conftest import Meet
from tests.films import FilmHost
from tests.process import ServerProcess

pytestmark = pytest.mark.asyncio(loop_scope="session")

YOUTUBE = (Path(__file__).parent / "youtube_stub.js").read_text()
WITHOUT_MEDIA_SOURCE = "delete window.MediaSource; delete window.ManagedMediaSource;"


@pytest.mark.parametrize("file", ["film.mp4", "film.webm", "film.m3u8"])
async def test_two_see_the_same_picture_of(
    meet: Meet, site: ServerProcess, films: FilmHost, file: str
) -> None:
    alice, bob = await meet("Alice"), await meet("Bob")
    await bob.join(await alice.open_room(site.url, films.url(file)))
    await alice.has_video()
    await bob.has_video()
    await alice.button("play").click()
    await bob.sees_it_play()
    await alice.sees_it_play()
    await are_together(alice, bob)


async def test_hls_goes_through_the_library_where_it_can(
    meet: Meet, site: ServerProcess, films: FilmHost
) -> None:
    alice = await meet("Alice")
    asked: list[str] = []
    alice.page.on("request", lambda request: asked.append(request.url))
    await alice.open_room(site.url, films.url("film.m3u8"))
    await alice.has_video()
    assert (await alice.player())["source"].startswith("blob:")
    assert any("/vendor/hls.js/" in url for url in asked)


async def test_hls_goes_without_the_library_where_it_must(
    meet: Meet, site: ServerProcess, films: FilmHost
) -> None:
    """As on an iPhone: no MediaSource, but a browser that plays HLS by itself."""
    alice, bob = await meet("Alice"), await meet("Bob")
    await bob.context.add_init_script(WITHOUT_MEDIA_SOURCE)
    await bob.join(await alice.open_room(site.url, films.url("film.m3u8")))
    await bob.has_video()
    assert (await bob.player())["source"] == films.url("film.m3u8")
    await alice.button("play").click()
    await bob.sees_it_play()
    await are_together(alice, bob)


async def test_the_library_is_not_loaded_for_what_needs_none(
    meet: Meet, site: ServerProcess, films: FilmHost
) -> None:
    alice = await meet("Alice")
    asked: list[str] = []
    alice.page.on("request", lambda request: asked.append(request.url))
    await alice.open_room(site.url, films.url())
    await alice.has_video()
    assert [url for url in asked if "/vendor/" in url] == []


async def test_youtube_is_asked_for_only_when_it_is_watched(
    meet: Meet, site: ServerProcess
) -> None:
    alice, bob = await meet("Alice"), await meet("Bob")
    for person in (alice, bob):
        person.hosts |= {"www.youtube.com", "www.youtube-nocookie.com"}
        await person.context.route("https://www.youtube.com/iframe_api", _play_youtube)
    link = await alice.open_room(site.url, "https://youtu.be/aqz-KE-bpKQ")
    await bob.join(link)
    film = "window.YT?.films?.[0]"

    async def bobs(what: str) -> object:
        return await bob.page.evaluate(f"{film}?.{what}")

    async def is_there() -> bool:
        return await bobs("options.videoId") == "aqz-KE-bpKQ"

    await until(is_there, "Bob has the YouTube player")
    assert await bobs("options.host") == "https://www.youtube-nocookie.com"
    await alice.button("play").click()

    async def plays() -> bool:
        return bool(await bobs("getPlayerState() === 1") and await bobs("getCurrentTime() > 0.5"))

    await until(plays, "YouTube plays for Bob")
    await alice.button("pause").click()

    async def stands() -> bool:
        return await bobs("getPlayerState()") == 2

    await until(stands, "YouTube stands for Bob")


@pytest.mark.parametrize("code", [101, 150])
async def test_an_owner_that_allows_no_other_page_is_told_in_words(
    meet: Meet, site: ServerProcess, code: int
) -> None:
    alice = await meet("Alice")
    alice.hosts |= {"www.youtube.com"}
    await alice.context.route("https://www.youtube.com/iframe_api", _play_youtube)
    await alice.open_room(site.url, "https://www.youtube.com/watch?v=aqz-KE-bpKQ")
    await until(lambda: alice.page.evaluate("window.YT?.films?.length"), "the player is there")
    await alice.page.evaluate(f"window.YT.films[0].fail({code})")
    await expect(alice.page.get_by_text(say("fault_embedding_refused"))).to_be_visible()
    await expect(
        alice.page.locator("#cover").get_by_role("button", name=say("video_change"))
    ).to_be_visible()


async def _play_youtube(route: Route) -> None:
    await route.fulfill(content_type="text/javascript", body=YOUTUBE)


async def test_youtube_that_cannot_be_reached_is_told_in_words(
    meet: Meet, site: ServerProcess
) -> None:
    alice = await meet("Alice")
    alice.hosts |= {"www.youtube.com"}
    await alice.context.route("https://www.youtube.com/**", lambda route: route.abort())
    await alice.open_room(site.url, "https://youtu.be/aqz-KE-bpKQ")
    await expect(alice.page.get_by_text(say("fault_player_missing"))).to_be_visible()


@pytest.mark.parametrize("file", ["missing.mp4", "film.vtt", "missing.m3u8"])
async def test_a_video_that_does_not_play_is_told_in_words_and_can_be_changed(
    meet: Meet, site: ServerProcess, films: FilmHost, file: str
) -> None:
    alice = await meet("Alice")
    await alice.open_room(site.url, films.url(file))
    cover = alice.page.locator("#cover")
    await expect(cover.get_by_role("button", name=say("fault_again"))).to_be_visible()
    await cover.get_by_role("button", name=say("video_change")).click()
    await alice.page.get_by_label(say("video_address")).fill(films.url())
    await alice.button("video_go").click()
    await alice.has_video()
    await expect(cover).to_be_hidden()


async def test_a_page_about_a_video_is_refused_before_anybody_sees_it(
    meet: Meet, site: ServerProcess
) -> None:
    alice = await meet("Alice")
    await alice.open_room(site.url)
    await alice.button("video_choose").click()
    await alice.page.get_by_label(say("video_address")).fill("javascript:alert(1)")
    await alice.button("video_go").click()
    await expect(alice.page.locator("#video-fault")).to_have_text(say("video_unknown"))


async def test_subtitles_are_each_ones_own(
    meet: Meet, site: ServerProcess, films: FilmHost
) -> None:
    alice, bob = await meet("Alice"), await meet("Bob")
    await bob.join(await alice.open_room(site.url, films.url()))
    await bob.has_video()
    await bob.button("subtitles").click()
    await bob.page.get_by_label(say("subtitles_address")).fill(films.url("film.vtt"))
    await bob.button("subtitles_show").click()
    shown = "(video) => [...video.textTracks].flatMap(({ cues }) => [...(cues ?? [])]).length"

    async def bob_has_them() -> bool:
        return await bob.video.evaluate(shown) == 1

    await until(bob_has_them, "Bob has subtitles")
    assert await alice.video.evaluate(shown) == 0
