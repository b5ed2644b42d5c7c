"""The endpoints. Each reads what is asked, has a service do it, and writes the answer."""

from typing import Any, NoReturn

from django.urls import Resolver404, resolve, reverse
from rest_framework.request import Request
from rest_framework.response import Response

from syncplay_backend.api import bodies, keys
from syncplay_backend.api.door import Door, room_id
from syncplay_backend.api.errors import not_found
from syncplay_backend.api.openapi import document
from syncplay_backend.domain import commands as c
from syncplay_backend.domain.errors import Code, Refused
from syncplay_backend.domain.fields import Title
from syncplay_backend.domain.views import iso, member_view
from syncplay_backend.domain.wire import read_order
from syncplay_backend.services import history, lobby, players


class Create(Door):
    def post(self, request: Request) -> Response:
        body = self.body(bodies.CreateBody)
        wish = lobby.Wish(
            name=body.room_name,
            video_url=body.video_url,
            video_title=body.video_title or Title(""),
            visibility=body.visibility,
            password=body.password,
            settings=body.settings,
        )
        seat = lobby.create_room(wish, body.user_name, self.address)
        return Response(_seated(request, seat, "The room is open."), 201)


class Join(Door):
    """A room's id that is no UUID is a wrong field here (400); in a path it is no room (404)."""

    def post(self, request: Request) -> Response:
        body = self.body(bodies.JoinBody)
        try:
            seat = lobby.join_room(body.room_id, body.user_name, body.password, self.address)
        except Refused as refused:
            if refused.code is Code.NAME_TAKEN:  # the field has another name over the socket
                refused.errors = {"user_name": ["This name is taken."]}
            raise
        return Response(_seated(request, seat, "You are in the room."))


def _seated(request: Request, seat: lobby.Seat, message: str) -> bodies.SeatAnswer:
    scheme = "wss" if request.is_secure() else "ws"
    member = member_view(seat.member, is_host=seat.is_host)
    return bodies.SeatAnswer(
        message=message,
        room=seat.room,
        user=bodies.SeatedUser(
            id=seat.key.value,
            public_id=member.id,
            name=member.name,
            is_host=member.is_host,
            role=member.role,
        ),
        websocket_url=f"{scheme}://{request.get_host()}/ws/room/{seat.room.id}/",
    )


class Rooms(Door):
    def get(self, request: Request) -> Response:
        query = self.query(bodies.RoomsQuery)
        rooms, cursor = lobby.public_rooms(query.limit, query.before)
        return Response(bodies.RoomsAnswer(rooms=rooms, count=len(rooms), next=cursor))


class Room(Door):
    def get(self, request: Request, room: str) -> Response:
        id = room_id(room)
        view = lobby.room(id, keys.shown(request))
        return Response(bodies.SeenRoomAnswer(room=view, sync=players.sync_of(id)))


class Leave(Door):
    def delete(self, request: Request, room: str) -> Response:
        body = self.body(bodies.LeaveBody)
        lobby.leave_room(room_id(room), keys.required(request, body.user_id))
        return Response(bodies.Success(message="You have left the room."))


class Control(Door):
    def post(self, request: Request, room: str) -> Response:
        body = self.body(bodies.ControlBody)
        key = keys.required(request, body.user_id)
        view = lobby.control(room_id(room), _command(body), key)
        return Response(bodies.RoomAnswer(room=view))


def _command(body: bodies.ControlBody) -> c.PlaybackCommand:
    match body.action:
        case bodies.Action.PLAY:
            return c.Play(body.position)
        case bodies.Action.PAUSE:
            return c.Pause(body.position)
        case bodies.Action.SEEK if body.position is not None:
            return c.Seek(body.position)
    why = "A seek needs a position."
    raise Refused(Code.INVALID, f"position: {why}", errors={"position": [why]})


class Command(Door):
    def post(self, request: Request, room: str) -> Response:
        body = self.body(bodies.CommandBody)
        key = keys.required(request, body.user_id)
        command, expects = read_order(body.type, body.data)
        order = lobby.Order(command, body.id, expects)
        seq, view = lobby.command(room_id(room), order, key)
        return Response(bodies.CommandAnswer(seq=seq, room=view))


class ChangeVideo(Door):
    def post(self, request: Request, room: str) -> Response:
        body = self.body(bodies.ChangeVideoBody)
        key = keys.required(request, body.user_id)
        command = c.ChangeVideo(body.video_url, body.video_title or Title(""))
        return Response(bodies.RoomAnswer(room=lobby.control(room_id(room), command, key)))


class Messages(Door):
    def get(self, request: Request, room: str) -> Response:
        query = self.query(bodies.MessagesQuery)
        wanted = history.Wanted(query.limit, query.before, query.after, query.type)
        kept = history.messages(room_id(room), keys.shown(request), wanted)
        return Response(
            bodies.MessagesAnswer(messages=[_message(one) for one in kept], count=len(kept))
        )


def _message(kept: history.Kept) -> bodies.MessageView:
    entry = kept.entry
    return bodies.MessageView(
        id=kept.id,
        seq=entry.seq,
        user_id=entry.by,
        type=entry.type,
        data=entry.data,
        timestamp=iso(entry.at),
    )


class Index(Door):
    def get(self, request: Request) -> Response:
        names = ("rooms", "health", "schema")
        links = {name: request.build_absolute_uri(reverse(name)) for name in names}
        return Response(bodies.LinksAnswer(links=links))


class Schema(Door):
    """The OpenAPI document: the one answer without the envelope."""

    def get(self, request: Request) -> Response:
        return Response(document())


class Nothing(Door):
    """Every path that there is not, whatever the method."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> NoReturn:
        refused = not_found()
        if _is_there(f"{request.path}/"):
            refused.message = f"Paths end with a slash: {request.path}/"
        raise refused


def _is_there(path: str) -> bool:
    try:
        return getattr(resolve(path).func, "cls", None) is not Nothing
    except Resolver404:
        return False
