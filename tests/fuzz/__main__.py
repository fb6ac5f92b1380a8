"""Fuzz what reads letters for some seconds: python -m tests.fuzz SECONDS

Needs atheris, which is not among the requirements (35 MB, x86-64 only). An input that breaks
something is written to .local/fuzz/ and named; the exit code is then not 0.
"""

import importlib.util
import sys
from pathlib import Path

FOUND = Path(__file__).parent.parent.parent / ".local" / "fuzz"


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not arguments[0].isdecimal() or not 0 < int(arguments[0]) <= 86_400:
        print("fuzz: say for how many seconds, 1 to 86400: make fuzz SECONDS=60", file=sys.stderr)
        return 2
    if importlib.util.find_spec("atheris") is None:
        print("fuzz: atheris is missing: .venv/bin/pip install atheris (x86-64)", file=sys.stderr)
        return 2
    _fuzz(int(arguments[0]))
    return 0


def _fuzz(seconds: int) -> None:
    import atheris

    with atheris.instrument_imports(include=["services.assignment.intake"]):
        from tests.assignment.intake.anything import TRIES
    from tests.assignment.intake.examples import EXAMPLES

    def one(data: bytes) -> None:
        if data:
            TRIES[data[0] % len(TRIES)](data[1:])

    seeds = FOUND / "seeds"
    seeds.mkdir(parents=True, exist_ok=True)
    for number, example in enumerate(EXAMPLES):
        (seeds / f"{number}").write_bytes(example)
    limits = [f"-max_total_time={seconds}", "-timeout=20", "-rss_limit_mb=2048", "-max_len=20000"]
    atheris.Setup(["fuzz", *limits, f"-artifact_prefix={FOUND}/", str(seeds)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
