"""What templates may say: a text, and the address of a file of `web/`."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template import Context, Library
from django.templatetags.static import static

from syncplay_backend.pages import modules
from syncplay_backend.pages.languages import Language, languages, spoken
from syncplay_backend.pages.texts import texts

register = Library()


@register.simple_tag(takes_context=True)
def text(context: Context, key: str, **values: object) -> str:
    """The text of this key in the page's language; `{name}` in it becomes the value `name`."""
    said = texts(language_of(context).code)[key]
    for name, value in values.items():
        said = said.replace(f"{{{name}}}", str(value))
    return said


@register.simple_tag
def web(path: str) -> str:
    return static(f"web/{settings.WEB_VERSION}/{path}")


@register.simple_tag
def modules_of(entry: str) -> list[str]:
    """The addresses of all modules that a script needs besides itself."""
    return [web(path) for path in modules.needed_by(entry)] if settings.DEBUG else []


@register.simple_tag(takes_context=True)
def language_of_page(context: Context) -> Language:
    return language_of(context)


@register.simple_tag
def languages_of_site() -> list[Language]:
    return languages()


def language_of(context: Context) -> Language:
    request: HttpRequest | None = context.get("request")
    return spoken(request)


@register.simple_tag(takes_context=True)
def page_data(context: Context, without: str = "", **more: Any) -> dict[str, Any]:
    """What the scripts of a page are told by the server; `json_script` writes it.

    `without` names the kinds of texts (`front`: all `front_…`) that only templates say there.
    """
    speaks = language_of(context)
    left_out = tuple(f"{kind}_" for kind in without.split())
    return {
        "language": speaks.code,
        "direction": speaks.direction,
        "texts": {
            key: said for key, said in texts(speaks.code).items() if not key.startswith(left_out)
        },
        "web": web(""),
        **more,
    }
