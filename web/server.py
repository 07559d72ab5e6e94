"""The page in a process of its own: `python -m web.server CONFIG`. It ends when its standard input does.

The monitor holds the other end of that pipe, so the page ends with it even after a kill -9. uvicorn raises signals
anew when it is done, which would not do in the monitor's own loop.
"""

import logging
import os
import sys
import threading
from pathlib import Path

import uvicorn

import settings as config
from archive.database import Archive
from web.app import application
from web.gate import LOCAL_NAMES, Rules
from web.site import ActiveEdition, Lately, Site

FRESH = 5.0  # seconds for which what all readers see alike is counted once

log = logging.getLogger(__name__)


def main() -> None:
    """Serve until standard input ends or a signal comes."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")  # the monitor relays it
    settings = config.load(Path(sys.argv[1]))
    threading.Thread(target=_end_with_the_monitor, daemon=True).start()
    archive = Archive.open(settings.archive.url, evidence=settings.evidence_folder)
    site = Site(archive, ActiveEdition(archive, settings), lately=Lately(FRESH))
    host, _, port = settings.web.listen.rpartition(":")
    try:
        uvicorn.run(
            application(site, rules_of(settings)),
            host=host.strip("[]"),
            port=int(port),
            log_level="warning",
            access_log=False,
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=3,
        )
    finally:
        archive.close()


def rules_of(settings: config.Settings) -> Rules:
    """How the page is reached, as the config has it."""
    web = settings.web
    named = web.listen.rpartition(":")[0]
    hosts = LOCAL_NAMES | {host.lower() for host in (*web.hosts, named)}
    return Rules(web.mode, hosts, frozenset(web.proxies), web.user_header.lower())


def _end_with_the_monitor() -> None:
    while sys.stdin.buffer.read(1024):
        pass
    os._exit(0)


if __name__ == "__main__":
    main()
