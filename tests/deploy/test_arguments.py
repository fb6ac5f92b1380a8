"""What a command cannot make sense of: one line, exit code 2, and nothing is done."""

import importlib
import subprocess
from pathlib import Path

import pytest

from deploy.local.ports import free_port

ROOT = Path(__file__).parent.parent.parent

REFUSED = [
    ("deploy.secrets", "break", "secrets: action: invalid choice: 'break'"),
    ("deploy.make_token", "nobody", "token: role: invalid choice: 'nobody'"),
    ("deploy.make_token", "agency", "token: the role agency needs AGENCY=<code>"),
    ("deploy.make_token", "auditor --agency X", "token: the role agency needs AGENCY=<code>"),
    ("deploy.make_token", "auditor --keys none", "token: no key in none: make run makes one"),
    ("deploy.make_token", "auditor --keys file", "token: the key in file cannot be read: Not a"),
    ("deploy.make_token", "auditor --keys broken", "token: the key in broken cannot be read: it"),
    ("deploy.rotate.__main__", "", "rotate: the following arguments are required"),
    ("deploy.rotate.__main__", "keys --now", "rotate: unrecognized arguments: --now"),
    ("deploy.trace", "", "trace: the following arguments are required: id"),
    ("deploy.access.__main__", "--replication x", "access: --replication: invalid int value: 'x'"),
    ("deploy.access.passwords", "--user x", "access: unrecognized arguments: --user x"),
    ("deploy.topics", "--replication x", "topics: --replication: invalid int value: 'x'"),
    ("deploy.databases", "all", "databases: unrecognized arguments: all"),
    ("deploy.kafka.__main__", "start --port x", "kafka: --port: invalid int value: 'x'"),
    ("deploy.kafka.__main__", "restart", "kafka: what: invalid choice: 'restart'"),
    ("deploy.migrate", "upgrade everything", "migrate: service: invalid choice: 'everything'"),
    ("deploy.migrate", "upgrade all", "migrate: set DONDOC_DATABASE_URL"),
    ("deploy.backup.__main__", "here", "backup: unrecognized arguments: here"),
    ("deploy.backup.restore", "a b", "restore: unrecognized arguments: b"),
    ("deploy.verify.__main__", "--sites", "verify: unrecognized arguments: --sites"),
    ("deploy.restored", "portal", "restored: service: invalid choice: 'portal'"),
    ("services.assignment.register", "--csv x", "register: unrecognized arguments: --csv x"),
    ("services.assignment.intake.__main__", "x", "intake: say --out DIR, --show or both"),
]


@pytest.mark.parametrize(("module", "words", "says"), REFUSED)
def test_it_is_refused_in_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    module: str,
    words: str,
    says: str,
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "signing.pem").write_text("no key")
    before = set(tmp_path.rglob("*"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DONDOC_DATABASE_URL", raising=False)
    monkeypatch.setattr("sys.argv", ["command", *words.split()])

    try:
        code = importlib.import_module(module).main()
    except SystemExit as exit:
        code = exit.code

    said = capsys.readouterr()
    assert (code, said.out) == (2, "")
    assert said.err.startswith(says)
    assert said.err.count("\n") == 1
    assert set(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("port", ["0", "-1", "65536"])
def test_what_is_no_port_is_refused_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], port: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["kafka", "start", f"--port={port}"])

    assert importlib.import_module("deploy.kafka.__main__").main() != 0

    said = capsys.readouterr().err
    assert said == f"kafka: {port} is no port: it lies between 1 and 65535\n"


@pytest.mark.parametrize("starts", ["", "0", "x", "-1", "1000", "2 3"])
def test_no_image_is_built_for_a_number_of_starts_that_is_none(starts: str) -> None:
    argv = ["make", "-s", "-o", "install", "test-compose", f"STARTS={starts}", "PY=false"]

    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, timeout=60)

    assert done.returncode != 0
    assert done.stdout == ""
    assert done.stderr.startswith("test-compose: STARTS is how many cold starts, 1 to 999\n")


NOBODY = "postgresql+asyncpg://a:b@127.0.0.1:{port}/x"
OUTSIDE = [
    ("deploy.migrate", "upgrade all", "rubbish", "migrate: assignment: DONDOC_DATABASE_URL is no"),
    ("deploy.migrate", "upgrade all", NOBODY, "migrate: assignment: no PostgreSQL answers"),
    ("deploy.restored", "budget", "rubbish", "restored: set DONDOC_DATABASE_URL"),
    ("deploy.verify.__main__", "--site", "rubbish", "verify: wrong settings (DONDOC_…)"),
    ("deploy.backup.__main__", "--site", "rubbish", "backup: wrong settings (DONDOC_…)"),
    ("deploy.verify.__main__", "--system half.json", "", "verify: half.json cannot be read"),
    ("deploy.backup.__main__", "--system half.json", "", "backup: half.json cannot be read"),
    ("deploy.kafka.__main__", "stop", "", "kafka: no Kafka of this folder runs"),
    ("deploy.demo.__main__", "", "", "demo: DEMO_SECONDS is 10 to 86400, not 'soon'"),
]


@pytest.mark.parametrize(("module", "words", "url", "says"), OUTSIDE)
def test_what_is_wrong_outside_is_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    module: str,
    words: str,
    url: str,
    says: str,
) -> None:
    (tmp_path / "half.json").write_text('{"databases": {}}')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DONDOC_DATABASE_URL", url.format(port=free_port()))
    monkeypatch.setenv("DEMO_SECONDS", "soon")
    monkeypatch.setattr("sys.argv", ["command", *words.split()])

    assert importlib.import_module(module).main() in (1, 2)

    said = capsys.readouterr().err
    assert said.startswith(says)
    assert said.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["half.json"]
