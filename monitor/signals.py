"""SIGTERM and Ctrl-C end the monitor: in order, or after a while in any case."""

import asyncio
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

STOP_WITHIN = 9.0  # seconds from the signal to the end of the process


@contextmanager
def stop_on_signals(stopping: asyncio.Event) -> Iterator[None]:
    """Set `stopping` at the first of them."""
    loop = asyncio.get_running_loop()
    caught = (signal.SIGINT, signal.SIGTERM)

    def stop() -> None:
        stopping.set()
        # Nothing is lost by ending at once, whatever hangs: claims and leases are made for kill -9.
        last_resort = threading.Timer(STOP_WITHIN, os._exit, args=(0,))
        last_resort.daemon = True
        last_resort.start()

    for number in caught:
        loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        for number in caught:
            loop.remove_signal_handler(number)
