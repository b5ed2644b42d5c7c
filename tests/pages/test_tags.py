"""What templates may say."""

from django.template import Context, Template
from django.test import RequestFactory


def rendered(template: str, path: str = "/", **values: object) -> str:
    request = RequestFactory().get(path)
    return Template(template).render(Context({"request": request, **values}))


def test_a_text_is_in_the_pages_language() -> None:
    assert rendered("{% text 'rooms_title' %}") == "Public rooms"
    assert rendered("{% text 'rooms_title' %}", "/?lang=de") != "Public rooms"


def test_values_are_filled_in_as_text() -> None:
    said = rendered("{% text 'rooms_at' position=where %}", where="<b>{position}</b>")
    assert said == "at &lt;b&gt;{position}&lt;/b&gt;"


def test_without_a_request_it_is_english() -> None:
    """The page about a failure is made without one: it may be what failed."""
    assert Template("{% text 'failure_title' %}").render(Context()) == "Something went wrong"


def test_a_file_is_named_with_the_version() -> None:
    assert rendered("{% web 'icons/icon.svg' %}") == "/static/web/now/icons/icon.svg"


def test_scripts_are_not_told_what_only_templates_say() -> None:
    keys = "{% for key in data.texts %}{{ key }} {% endfor %}"
    everything = rendered("{% page_data as data %}" + keys).split()
    told = rendered("{% page_data without='front rooms' as data %}" + keys).split()
    assert {"front_title", "rooms_title", "error_other"} <= set(everything)
    assert told == [key for key in everything if not key.startswith(("front_", "rooms_"))]
