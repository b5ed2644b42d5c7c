"""An operator's browser: cookies, redirects and forms, over http."""

from __future__ import annotations

import http.cookiejar
import re
import urllib.error
import urllib.parse
import urllib.request
from typing import NamedTuple, Self
from uuid import uuid4

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission, User

from tests.peer import PATIENCE
from tests.process import ServerProcess

PASSWORD = "correct horse battery staple"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Page(NamedTuple):
    status: int
    html: str


class Browser:
    def __init__(self, server: ServerProcess) -> None:
        self._url = server.url
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(cookies)

    @classmethod
    def of(cls, server: ServerProcess, person: User) -> Self:
        """Logged in to the admin as a person would."""
        browser = cls(server)
        login = {"username": person.get_username(), "password": PASSWORD, "next": "/admin/"}
        page = browser.post("/admin/login/", **login)
        assert page.status == 200, page.html
        assert "Log out" in page.html
        return browser

    def get(self, path: str) -> Page:
        return self._open(urllib.request.Request(self._url + path))

    def post(self, path: str, **form: str | list[str]) -> Page:
        """Fill in the form that the page shows, and follow where it leads."""
        token = TOKEN.search(self.get(path).html)
        fields = {**form, "csrfmiddlewaretoken": token[1] if token else ""}
        body = urllib.parse.urlencode(fields, doseq=True).encode()
        return self._open(urllib.request.Request(self._url + path, body))

    def _open(self, request: urllib.request.Request) -> Page:
        try:
            with self._opener.open(request, timeout=PATIENCE) as answer:
                return Page(answer.status, answer.read().decode())
        except urllib.error.HTTPError as refusal:
            with refusal:
                return Page(refusal.code, refusal.read().decode())


def make_admin() -> User:
    return get_user_model().objects.create_superuser(f"admin-{uuid4()}", password=PASSWORD)


def make_onlooker() -> User:
    """Somebody of the staff who may look at everything, and change nothing."""
    onlooker = get_user_model().objects.create_user(
        f"onlooker-{uuid4()}", password=PASSWORD, is_staff=True
    )
    views = Permission.objects.filter(content_type__app_label="rooms", codename__startswith="view_")
    onlooker.user_permissions.set(views)
    return onlooker
