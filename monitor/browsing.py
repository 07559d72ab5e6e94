"""The archive page's process: started beside the monitor, started again when it ends by itself. Serves nothing."""

import asyncio
import contextlib
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from monitor.logs import relayed

AGAIN_AFTER = (1.0, 5.0, 30.0, 60.0)  # seconds
STOP_WITHIN = 5.0

log = logging.getLogger(__name__)


@asynccontextmanager
async def browsing(file: Path, listen: str) -> AsyncIterator[None]:
    """Have the page of the config `file` served on `listen` for as long as the context lasts."""
    keeping = asyncio.ensure_future(_keep(file, listen))
    try:
        yield
    finally:
        keeping.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeping


async def _keep(file: Path, listen: str) -> None:
    ended = 0
    while True:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "web.server", str(file)),
            stdin=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        log.info("archive page: http://%s", listen)
        try:
            async with relayed(process, "web"):
                code = await process.wait()
        except asyncio.CancelledError:
            await _end(process)
            raise
        pause = AGAIN_AFTER[min(ended, len(AGAIN_AFTER) - 1)]
        ended += 1
        log.error("the archive page ended (code %s; is %s taken?): again in %.0f s", code, listen, pause)
        await asyncio.sleep(pause)


async def _end(process: asyncio.subprocess.Process) -> None:
    """It ends with its standard input; what does not is killed."""
    assert process.stdin is not None
    process.stdin.close()
    try:
        async with asyncio.timeout(STOP_WITHIN):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
