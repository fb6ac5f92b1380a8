"""What aiokafka takes for a bug though it is an outage, or for nothing though it is the end."""

from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka.conn import AIOKafkaConnection, CloseReason
from aiokafka.errors import KafkaConnectionError, KafkaError

_send = AIOKafkaConnection.send


def _send_or_outage(self: AIOKafkaConnection, *args: Any, **options: Any) -> Any:
    try:
        return _send(self, *args, **options)
    except RuntimeError as error:
        self.close(reason=CloseReason.CONNECTION_BROKEN)
        raise KafkaConnectionError(f"{self.host}:{self.port} has hung up: {error}") from error


def see_hung_up_connections() -> None:
    """For a process that runs on uvloop, before it connects.

    Writing to a connection that broke a moment ago raises OSError, or nothing, on asyncio's own
    loop; uvloop raises RuntimeError. No task of aiokafka survives that: without its coordination a
    consumer stands still for ever, and without its metadata it cannot be closed.
    """
    AIOKafkaConnection.send = _send_or_outage


def refuse_dead(consumer: AIOKafkaConsumer) -> None:
    """KafkaError if the group's consumer has lost its coordination: it must be made anew.

    Every poll fails from then on, and FastStream tries again for ever and tells nobody.
    """
    coordination = consumer._coordinator._coordination_task
    if coordination.done() and not coordination.cancelled():
        raise coordination.exception() or KafkaError("the coordination has ended")
