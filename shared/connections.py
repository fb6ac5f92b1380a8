"""What aiokafka takes for a bug though it is an outage, for nothing though it is the end, and asks
for though nobody wants it."""

from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka.conn import AIOKafkaConnection, CloseReason
from aiokafka.errors import KafkaConnectionError, KafkaError
from aiokafka.protocol.metadata import MetadataRequest

_send = AIOKafkaConnection.send


def _send_corrected(self: AIOKafkaConnection, request: Any, *args: Any, **options: Any) -> Any:
    if isinstance(request, MetadataRequest):
        request._allow_auto_topic_creation = False
    try:
        return _send(self, request, *args, **options)
    except RuntimeError as error:
        self.close(reason=CloseReason.CONNECTION_BROKEN)
        raise KafkaConnectionError(f"{self.host}:{self.port} has hung up: {error}") from error


def correct_aiokafka() -> None:
    """For a process of ours, before it connects.

    Writing to a connection that broke a moment ago raises OSError, or nothing, on asyncio's own
    loop; uvloop raises RuntimeError. No task of aiokafka survives that: without its coordination a
    consumer stands still for ever, and without its metadata it cannot be closed.

    Who asks a broker for a topic that it does not have, as brokers are set by default, gets one
    with any number of partitions; and that number can never be changed (protocol.md §3).
    """
    AIOKafkaConnection.send = _send_corrected


def refuse_dead(consumer: AIOKafkaConsumer) -> None:
    """KafkaError if the group's consumer has lost its coordination: it must be made anew.

    Every poll fails from then on, and FastStream tries again for ever and tells nobody.
    """
    coordination = consumer._coordinator._coordination_task
    if coordination.done() and not coordination.cancelled():
        raise coordination.exception() or KafkaError("the coordination has ended")
