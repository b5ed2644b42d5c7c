"""Which language a page speaks: the one asked for, the one chosen before, or the browser's."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request, get_language_info

PARAMETER = "lang"


@dataclass(frozen=True)
class Language:
    code: str
    name: str  # as its speakers call it
    direction: str


def language(code: str) -> Language:
    info = get_language_info(code)
    return Language(code, info["name_local"], "rtl" if info["bidi"] else "ltr")


def languages() -> list[Language]:
    return [language(code) for code, _ in settings.LANGUAGES]


def wanted(request: HttpRequest) -> str | None:
    """The language that the address asks for, if we speak it."""
    code = request.GET.get(PARAMETER)
    return code if code in dict(settings.LANGUAGES) else None


def spoken(request: HttpRequest | None) -> Language:
    if request is None:  # a page about a failure, which may have been the request's
        return language(settings.LANGUAGE_CODE)
    return language(wanted(request) or get_language_from_request(request))


def remember(request: HttpRequest, response: HttpResponseBase) -> None:
    """Choosing is one link; from then on it holds for this browser."""
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    if code := wanted(request):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            code,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            samesite="Lax",
            secure=settings.BEHIND_TLS,
        )
