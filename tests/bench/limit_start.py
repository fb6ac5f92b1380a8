"""The limit of B8 and B9: Python and the libraries that a service stands on, nothing else.

``python -m tests.bench.limit_start`` ends at once, with an argument it stays and says so.
"""

import sys
import time

import aiokafka
import asyncpg
import fastapi
import faststream.kafka
import jwt
import orjson
import prometheus_client
import pydantic_settings
import sqlalchemy.ext.asyncio
import structlog
import uvicorn
import uvloop

LIBRARIES = (
    aiokafka,
    asyncpg,
    fastapi,
    faststream.kafka,
    jwt,
    orjson,
    prometheus_client,
    pydantic_settings,
    sqlalchemy.ext.asyncio,
    structlog,
    uvicorn,
    uvloop,
)

if __name__ == "__main__" and len(sys.argv) > 1:
    print("loaded", flush=True)
    time.sleep(3600)
