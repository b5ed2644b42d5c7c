"""Admin pages that can be looked at, searched and filtered, and written by nobody."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.db.models import Exists, Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.text import Truncator

NAME_SHOWN = 24


def short(text: str) -> str:
    """A name may have 80 characters, and a table has many columns."""
    return Truncator(text).chars(NAME_SHOWN)


class Reading(admin.ModelAdmin):  # type: ignore[type-arg] # Django's own class takes no parameter
    """Rooms change through commands only, never by a form's save."""

    list_per_page = 50
    show_full_result_count = False
    ids: ClassVar[tuple[str, ...]] = ("id",)  # what a whole id in the search box may be

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        try:
            wanted = UUID(search_term.strip())
        except ValueError:
            return super().get_search_results(request, queryset, search_term)
        has_it = Q.create([(name, wanted) for name in self.ids], connector=Q.OR)
        return queryset.filter(has_it), False


class ReadingOfRooms(Reading):
    """What belongs to a room."""

    list_select_related: ClassVar[Any] = ("room",)

    @admin.display(description="room", ordering="room__name")
    def in_room(self, row: Any) -> str:
        return short(row.room.name)


class YesNo(admin.SimpleListFilter):
    """A filter by a condition that holds or does not."""

    condition: ClassVar[Q | Exists]
    answers: ClassVar[tuple[str, str]]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        yes, no = self.answers
        return [("yes", yes), ("no", no)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() is None:
            return queryset
        wanted = self.condition if self.value() == "yes" else ~self.condition
        return queryset.filter(wanted)
