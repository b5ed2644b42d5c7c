"""Which view answers which path under /api/."""

from django.urls import path, re_path

from syncplay_backend.api import views

urlpatterns = [
    path("", views.Index.as_view(), name="api"),
    path("schema/", views.Schema.as_view(), name="schema"),
    path("rooms/", views.Rooms.as_view(), name="rooms"),
    path("rooms/create/", views.Create.as_view()),
    path("rooms/join/", views.Join.as_view()),
    path("rooms/<str:room>/", views.Room.as_view()),
    path("rooms/<str:room>/leave/", views.Leave.as_view()),
    path("rooms/<str:room>/control/", views.Control.as_view()),
    path("rooms/<str:room>/commands/", views.Command.as_view()),
    path("rooms/<str:room>/change-video/", views.ChangeVideo.as_view()),
    path("rooms/<str:room>/messages/", views.Messages.as_view()),
    re_path("", views.Nothing.as_view()),  # whatever is left; `<path:…>` knows no line ends
]
