"""Start the site of docker-compose.yml from nothing, again and again.

python -m tests.compose.cold_starts 20

Each time: no volume and no container, up until everything is healthy, `verify`, Kafka's process
killed, and how long it takes until Kafka answers a subscriber again. Everything is removed then.
Exit code 1 as soon as a start fails, 2 if what is asked for makes no sense.
"""

import asyncio
import statistics
import sys
import tempfile
from pathlib import Path

from tests.compose.broker import seconds_until_back
from tests.compose.site import site

MOST = 999


def start() -> tuple[float, float]:
    """Seconds until all is healthy, and until Kafka was back after a crash."""
    with tempfile.TemporaryDirectory() as folder, site(Path(folder)) as fresh:
        healthy = fresh.up()
        said = fresh.verify()
        if not said.endswith("lost=0 doubled=0 reordered=0"):
            raise AssertionError(said)
        return healthy, asyncio.run(seconds_until_back(fresh))


def main() -> int:
    asked = sys.argv[1] if len(sys.argv) == 2 else ""
    if not asked.isdecimal() or not 1 <= int(asked) <= MOST:
        print(f"cold starts: say how many, 1 to {MOST}", file=sys.stderr)
        return 2
    times = []
    for number in range(1, int(asked) + 1):
        try:
            times.append(start())
        except KeyboardInterrupt:
            print("cold starts: stopped; nothing of it is left", file=sys.stderr)
            return 130
        except Exception as error:
            print(f"cold starts: start {number} failed: {error}", file=sys.stderr)
            return 1
        healthy, back = times[-1]
        print(
            f"start {number:2}: healthy after {healthy:.1f} s,"
            f" Kafka back {back:.1f} s after a crash",
            flush=True,
        )
    for name, column in zip(("healthy", "Kafka back"), zip(*times, strict=True), strict=True):
        print(
            f"{name}: least {min(column):.1f} s, median {statistics.median(column):.1f} s,"
            f" most {max(column):.1f} s of {len(column)}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
