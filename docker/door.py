"""The only way into the workshop's networks: passes on what reaches its ports, and looks at none of it.

`door.py 8800=page:8800 8805=lab:8805`. The other containers stand in internal networks, which have no way out to the
internet, and an engine publishes no port of such a network. This one stands in both. Only Python's own library.
"""

import asyncio
import contextlib
import signal
import sys

AT_ONCE = 512
CHUNK = 65536


async def pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    """Copy until the source ends, then say so to the target."""
    with contextlib.suppress(OSError):
        while data := await source.read(CHUNK):
            target.write(data)
            await target.drain()
    with contextlib.suppress(OSError):
        if target.can_write_eof():
            target.write_eof()


class Door:
    """One port and where it leads to."""

    def __init__(self, host: str, port: int, places: asyncio.Semaphore) -> None:
        self.host, self.port, self.places = host, port, places

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection; it is closed at once if the door is full or nobody answers behind it."""
        if self.places.locked():
            writer.close()
            return
        async with self.places:
            try:
                inner_reader, inner_writer = await asyncio.wait_for(asyncio.open_connection(self.host, self.port), 5)
            except OSError:
                writer.close()
                return
            try:
                await asyncio.gather(pump(reader, inner_writer), pump(inner_reader, writer))
            finally:
                for one in (writer, inner_writer):
                    one.close()


async def main(arguments: list[str]) -> None:
    """Open every port and stay until SIGTERM."""
    places = asyncio.Semaphore(AT_ONCE)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    for argument in arguments:
        port, _, target = argument.partition("=")
        host, _, inner = target.rpartition(":")
        await asyncio.start_server(Door(host, int(inner), places), "0.0.0.0", int(port))
    await stop.wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
