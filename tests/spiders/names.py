"""Names and doors for tests of what may be connected to: a resolver with the test's own answers, listeners that
count."""

import socket
import threading
from collections.abc import Sequence

from spiders.guard import Guard


class Door:
    """A listener on loopback that counts who comes in, and answers nothing."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self._socket = socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
        self.port = self._socket.getsockname()[1]
        self.visits = 0
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        while True:
            try:
                self._socket.accept()[0].close()
            except OSError:
                return
            self.visits += 1

    def close(self) -> None:
        self._socket.close()


class Names:
    """A name server with the answers of the test; `asked` are the names in the order of asking."""

    def __init__(self, **answers: Sequence[str]) -> None:
        self._answers = {name.replace("_", "."): [*addresses] for name, addresses in answers.items()}
        self.asked: list[str] = []

    def __call__(self, host: str) -> Sequence[str]:
        self.asked.append(host)
        try:
            return self._answers[host]
        except KeyError:
            raise socket.gaierror(socket.EAI_NONAME, "unknown") from None

    def moves(self, host: str, *addresses: str) -> None:
        self._answers[host] = [*addresses]


class Frontier(Guard):
    """A guard for which some loopback addresses count as public, so that a first hop can be reached at all."""

    def __init__(self, *public: str, names: Names) -> None:
        super().__init__(lookup=names)
        self._public = public

    def allows(self, address: str) -> bool:
        return address in self._public or super().allows(address)
