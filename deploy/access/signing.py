"""One clear line when Kafka does not let us in: its clients say no more than "unable"."""

from aiokafka.conn import create_conn
from aiokafka.errors import AuthenticationFailedError, KafkaError, SaslAuthenticationFailed

from shared.brokers import access
from shared.settings import Settings


class CannotSignIn(Exception):
    """Why, and what to do."""


async def sign_in(settings: Settings) -> None:
    """Open one connection as the settings say and close it; CannotSignIn otherwise."""
    options = access(settings)
    host, _, port = options.pop("bootstrap_servers").split(",")[0].rpartition(":")
    try:
        connection = await create_conn(host, int(port), **options)
    except (SaslAuthenticationFailed, AuthenticationFailedError) as error:
        raise CannotSignIn(
            f"Kafka knows no {settings.kafka_user} with this password: the volume was made with"
            f" another one. Put that back into secrets/kafka_{settings.kafka_user}, or remove the"
            " volume (and every event in it) and start anew"
        ) from error
    except (KafkaError, OSError) as error:
        raise CannotSignIn(f"no Kafka answers at {settings.kafka_url}: {error}") from error
    connection.close()
