"""A key goes where every other Kafka client would put it."""

from aiokafka import partitioner
from hypothesis import example, given
from hypothesis.strategies import binary, integers

from shared.partitions import murmur2, partition_of


@given(binary(max_size=2000))
@example(b"")
@example(b"\xff" * 7)
def test_the_hash_is_that_of_kafkas_clients(key: bytes) -> None:
    assert murmur2(key) == partitioner.murmur2(key) & 0xFFFFFFFF


@given(binary(min_size=1, max_size=50), integers(min_value=1, max_value=200))
def test_the_partition_is_that_of_aiokafkas_partitioner(key: bytes, partitions: int) -> None:
    numbers = list(range(partitions))

    expected = partitioner.DefaultPartitioner()(key, numbers, numbers)

    assert partition_of(key, partitions) == expected
