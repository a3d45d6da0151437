"""The way to a Dask cluster: a client of its scheduler, quiet where a connection ends."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from spamlab.errors import ServiceError

CONNECT_SECONDS = 10
_LOGGERS = ("distributed", "distributed.client", "distributed.core", "distributed.batched", "distributed.comm",
            "tornado", "tornado.application", "asyncio")


@contextmanager
def scheduler(address: str) -> Iterator[Any]:
    """A client (distributed.Client) of the scheduler at an address such as tcp://host:8786.

    Raises ServiceError where Dask is not installed or the scheduler can't be reached.
    """
    try:
        from distributed import Client, Security
    except ImportError:
        raise ServiceError("a cluster needs Dask: install spamlab[cluster]") from None
    with _quiet():
        try:
            security = Security()
            if address.startswith("tls://") and security.get_connection_args("client").get("ssl_context") is None:
                raise ServiceError(f"no Dask scheduler answers at {address} without a certificate: Dask's settings "
                                   "distributed.comm.tls name none for a client")
            client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False, security=security)
        except (OSError, ValueError, TypeError, RuntimeError) as error:
            said = str(error).strip().splitlines()
            raise ServiceError(f"no Dask scheduler answers at {address}: {said[0] if said else 'no word'}") from None
        try:
            yield client
        finally:
            with contextlib.suppress(Exception):  # a scheduler that is gone can't be told goodbye
                client.close(timeout=2)


@contextmanager
def _quiet() -> Iterator[None]:
    """Dask writes stack traces where a connection ends; what it means stands in our one sentence."""
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    before = [one.level for one in loggers]
    for one in loggers:
        one.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for one, level in zip(loggers, before, strict=True):
            one.setLevel(level)
