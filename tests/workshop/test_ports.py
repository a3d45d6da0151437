"""The row of ports: planned, tried, and named in a sentence when one is taken."""

from __future__ import annotations

import socket

import pytest

from spamlab.errors import MachineError, UsageError
from spamlab.workshop.ports import Ports, demand_free, is_free, plan_ports


def test_ports_are_a_row_from_the_base() -> None:
    """Five ports for the workshop and one for each participant follow one another from the base."""
    ports = plan_ports(9000, 3)
    assert [port for _, port in ports.named()] == list(range(9000, 9008))


@pytest.mark.parametrize("base", [80, 65534, 70000])
def test_a_base_that_does_not_fit_is_refused(base: int) -> None:
    """A base without room for the whole row is refused with a sentence that names the option."""
    with pytest.raises(UsageError, match="--port"):
        plan_ports(base, 2)


def test_a_taken_port_is_named_with_its_use_and_the_option() -> None:
    """The sentence for a taken port names the port, what it is for, the option, and a base that is free."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = server.getsockname()[1]
        assert not is_free(taken)
        with pytest.raises(MachineError) as caught:
            demand_free(Ports(taken, taken, taken, taken, taken, ()))
    sentence = str(caught.value)
    assert str(taken) in sentence
    assert "instructor's page" in sentence
    assert "--port" in sentence


def test_a_port_with_finished_connections_is_free() -> None:
    """A port whose server has ended, with connections still in TIME_WAIT, can be used at once by the next start."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        client = socket.create_connection(("127.0.0.1", port))
        accepted, _ = server.accept()
        accepted.close()
        client.close()
    assert is_free(port)
