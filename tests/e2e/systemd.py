"""What systemd does for a service, done by a test: sockets that are open before the program, and
the socket on which it is told how things are."""

import os
import re
import socket

from support import PATIENCE, Program


class PassedSockets(Program):
    """The program with `sockets`, pairs of a listening socket and its name, as from systemd."""

    def __init__(self, sockets, *words, environment=None):
        names = ":".join(name for _, name in sockets)
        numbers = [one.fileno() for one, _ in sockets]
        # Moved out of the way first: a descriptor to pass may itself be 3, 4 or 5.
        aside = "".join(f"{100 + i}<&{number} " for i, number in enumerate(numbers))
        placed = "".join(f"{3 + i}<&{100 + i} {100 + i}<&- " for i in range(len(numbers)))
        passing = f'exec {aside}; exec {placed}; LISTEN_PID=$$ exec "$@"'
        super().__init__(*words, under=["bash", "-c", passing, "bash"], pass_fds=numbers,
                         environment={"LISTEN_FDS": str(len(sockets)), "LISTEN_FDNAMES": names} |
                         (environment or {}))


class NotifySocket:
    """A NOTIFY_SOCKET; `name` is a path, or begins with @ for an abstract one."""

    def __init__(self, name):
        self.name = str(name)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind("\0" + self.name[1:] if self.name[0] == "@" else self.name)
        self._socket.settimeout(PATIENCE)
        self.told = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()
        if self.name[0] == "/":
            os.unlink(self.name)

    def expect(self, pattern):
        """Passes over messages up to the first that matches, and returns the match."""
        while True:
            self.told.append(self._socket.recv(4096).decode())
            found = re.search(pattern, self.told[-1], re.MULTILINE)
            if found:
                return found


def listening(address="127.0.0.1"):
    """A listening TCP socket, or a Unix one for a path."""
    path = str(address)
    if "/" in path:
        made = socket.socket(socket.AF_UNIX)
        made.bind(path)
    else:
        made = socket.socket(socket.AF_INET6 if ":" in path else socket.AF_INET)
        made.bind((path, 0))
    made.listen(64)
    return made


def port_of(listener):
    return listener.getsockname()[1]
