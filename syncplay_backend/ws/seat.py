"""What a connection that has joined may say."""

from typing import assert_never

from syncplay_backend.domain import commands as c
from syncplay_backend.domain import wire
from syncplay_backend.domain.errors import Code, Refused
from syncplay_backend.domain.fields import Key
from syncplay_backend.domain.limits import CHAT
from syncplay_backend.services import players, visits
from syncplay_backend.services.limiting import SocketLimit
from syncplay_backend.services.visits import Visit
from syncplay_backend.ws.answers import Answers


class Seat:
    """The socket stands for this member from now on, and for nobody else."""

    def __init__(self, visit: Visit, key: Key) -> None:
        self.visit = visit
        self._key = key
        self._answers = Answers(visit.outbox, visits.mailbox().put)
        self._chat = SocketLimit(CHAT)

    def make_sure_of(self, key: Key | None) -> None:
        """Raises `Refused` (`not_allowed`) for any key but the member's own."""
        if key is not None and key != self._key:
            raise Refused(Code.NOT_ALLOWED, "This connection stands for another member.")

    def obey(self, said: wire.Said) -> None:
        """Raises `Refused`."""
        match said.what:
            case wire.JoinFrame():
                visits.show_again(self.visit)
            case wire.StatusFrame() as status:
                players.report(self.visit, status)
            case wire.TypingFrame(typing):
                players.tell_typing(self.visit, typing)
            case wire.HeartbeatFrame() | wire.TimeFrame():
                raise AssertionError("the socket answers these itself")
            case c.Play() | c.Pause() | c.Seek() | c.SetRate() | c.ChangeVideo():
                self._command(said, said.what)
            case c.Say() | c.React() | c.ChangeSettings() | c.Leave():
                self._chat_or_command(said, said.what)
            case _:
                assert_never(said.what)

    def _chat_or_command(self, said: wire.Said, command: c.TalkCommand | c.Leave) -> None:
        if isinstance(command, c.Say | c.React):
            self._chat.take()
        self._command(said, command)

    def _command(self, said: wire.Said, command: wire.Commands) -> None:
        self._answers.make_sure_of_room()
        answer = visits.command(self.visit, command, id=said.id, expects=said.expects)
        self._answers.await_one(answer, said.id)
