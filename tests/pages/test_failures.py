"""Errors are pages, not stack traces."""

from django.test import RequestFactory
from django.views.defaults import server_error

from tests.pages.outline import Outline, get
from tests.peer import Rest
from tests.process import ServerProcess


def test_an_address_that_leads_nowhere_is_a_page(production: ServerProcess) -> None:
    answer, page = get(production, "/nothing/here")
    assert answer.status == 404
    assert page.said["h1"] == "There is nothing here"
    assert Rest(production).get("/api/nothing/here").body["status"] == "error"


def test_the_admin_has_its_style(production: ServerProcess) -> None:
    assert Rest(production).get("/static/admin/css/base.css").status == 200


def test_a_failure_is_a_page_too() -> None:
    """It is made without a request and without a database, since either may be what failed."""
    page = Outline(server_error(RequestFactory().get("/")).content.decode())
    assert page.said["h1"] == "Something went wrong"
    page.assert_nothing_is_inline()
