"""The proof on a container engine: docker-compose.yml as an operator runs it."""

import asyncio
import json
from datetime import datetime
from uuid import uuid4

import httpx
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import TopicAuthorizationFailedError

from deploy.access.cluster import cluster
from deploy.access.rights import SUBSCRIBER, Operation, Resource, Right, principals, rights
from deploy.migrate import SERVICES
from shared.auth import UserRole
from tests.assignment.intake.pages import png
from tests.assignment.intake.test_scan import picture
from tests.commands import run_module
from tests.compose.actions import issue_6050, load_on, post, until
from tests.compose.leaks import in_kafka, in_postgresql, leaked
from tests.compose.site import ONCE, Site, inspected

RUNNING = ("postgres", "kafka", *SERVICES, "mail")
PSQL = "PGPASSWORD=$(cat /run/secrets/postgres_admin) psql -h 127.0.0.1 -U postgres -AtF,"
BUILDERS = "gcc g++ cc c++ clang tcc as ld make cmake go cargo javac mvn pip pip3"


def test_a_picture_of_a_letter_is_recognised_in_the_read_only_container(deployed: Site) -> None:
    with deployed.client("assignment", UserRole.COORDINATOR) as clerk:
        headers = {"Idempotency-Key": str(uuid4()), "Content-Type": "image/png"}
        answer = clerk.post("/intake", content=png(*picture()), headers=headers)

    assert answer.status_code == 201, answer.text
    assert answer.json()["kind"] == "scan"


def test_the_one_shot_jobs_have_done_their_work_once(deployed: Site) -> None:
    assert [deployed.container(job).ExitCode for job in ONCE] == [0, 0]
    assert "rights as declared" in deployed.docker("logs", "access").stdout
    again = deployed.docker("run", "--rm", "--no-deps", "-T", "access").stdout
    assert "created" not in again
    assert "rights as declared" in again


def test_a_site_that_is_up_may_be_started_again(deployed: Site) -> None:
    """Its ports are taken, by itself."""
    done = run_module("deploy.published")

    assert (done.returncode, done.stderr) == (0, "")


def access(site: Site, *options: str) -> tuple[int, str]:
    done = site.docker("run", "--rm", "--no-deps", "-T", "access", *options, check=False)
    return done.returncode, done.stdout


def test_a_right_that_nobody_declared_is_reported_and_removed_only_when_asked(
    deployed: Site,
) -> None:
    foreign = Right(SUBSCRIBER, Operation.WRITE, Resource.TOPIC, "assignment.tasks")
    with cluster(deployed.kafka("admin")) as kafka:
        kafka.allow([foreign])
        try:
            code, said = access(deployed)
            assert code == 1
            assert f"unknown right {foreign} (--prune takes it away)" in said
            assert foreign in kafka.rights()
        finally:
            assert access(deployed, "--prune")[0] == 0
        assert foreign not in kafka.rights()


def test_a_right_that_is_missing_is_reported_and_given_again(deployed: Site) -> None:
    declared = min(rights())
    with cluster(deployed.kafka("admin")) as kafka:
        kafka.forbid([declared])
        assert access(deployed, "--check") == (
            1,
            f"missing {declared}\naccess: something differs\n",
        )
        assert declared not in kafka.rights()

        assert access(deployed)[0] == 0
        assert declared in kafka.rights()


@pytest.mark.parametrize("service", RUNNING)
def test_a_process_writes_nowhere_and_can_become_nobody(deployed: Site, service: str) -> None:
    script = "touch /x 2>/dev/null && echo writes; cat /proc/1/task/1/status"
    said = deployed.docker("exec", "-T", service, "sh", "-c", script).stdout
    status = dict(line.split(":\t", 1) for line in said.splitlines() if ":\t" in line)

    assert "writes" not in said
    assert "0" not in status["Uid"].split()
    assert {int(status[kind], 16) for kind in ("CapInh", "CapPrm", "CapEff", "CapBnd")} == {0}
    assert status["NoNewPrivs"] == "1"
    limit = inspected(deployed.container(service).ID or "")["HostConfig"]["Memory"]
    assert limit > 0


@pytest.mark.parametrize("service", RUNNING)
def test_nothing_that_builds_is_left_in_an_image(deployed: Site, service: str) -> None:
    look = f"for one in {BUILDERS}; do command -v $one; done"
    script = f"{look}; ls -A /root/.cache 2>/dev/null; true"
    left = deployed.docker("exec", "-T", "-u", "0", service, "sh", "-c", script).stdout

    assert left == ""


def test_the_broker_logs_json_and_reads_its_classes_from_the_archive(deployed: Site) -> None:
    said = deployed.docker("logs", "--no-log-prefix", "kafka").stdout.splitlines()
    mapped = "cat /proc/$(cat /proc/1/task/1/children | tr -d ' ')/maps"
    maps = deployed.docker("exec", "-T", "kafka", "sh", "-c", mapped).stdout

    entries = [json.loads(line) for line in said]
    told = [one for one in entries if one["logger"] == "QuorumController"]
    assert {(one["service"], one["level"]) for one in told} == {("kafka", "warn")}
    assert all(datetime.fromisoformat(one["timestamp"]) for one in entries)
    assert "/opt/kafka/node.jsa" in maps


def test_the_database_logs_no_value_of_a_row(deployed: Site) -> None:
    """What an error adds in DETAIL: the key that is there already, the row that is not allowed."""
    asked = f"{PSQL} -c 'show log_error_verbosity'"

    assert deployed.docker("exec", "-T", "postgres", "sh", "-c", asked).stdout == "terse\n"


@pytest.mark.parametrize("service", SERVICES)
def test_a_role_owns_its_database_and_nothing_else(deployed: Site, service: str) -> None:
    query = f"""
        select rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls,
            (select string_agg(datname, ' ' order by datname) from pg_database
                where has_database_privilege(rolname, datname, 'connect') and datallowconn),
            (select string_agg(datname, ' ') from pg_database where datdba = pg_roles.oid),
            (select count(*) from pg_auth_members where member = pg_roles.oid)
        from pg_roles where rolname = '{service}'
    """
    done = deployed.docker("exec", "-T", "postgres", "sh", "-c", f'{PSQL} -c "{query}"')

    assert done.stdout.strip() == f"f,{service},{service},0"


async def test_others_read_everything_and_write_nothing(deployed: Site) -> None:
    access = deployed.kafka("subscriber")
    consumer = AIOKafkaConsumer(
        "assignment.agencies", **access, group_id="subscriber.x", auto_offset_reset="earliest"
    )
    producer = AIOKafkaProducer(**access)
    await consumer.start()
    await producer.start()
    try:
        async with asyncio.timeout(400):
            while not await consumer.getmany(timeout_ms=1_000):
                pass
        with pytest.raises(TopicAuthorizationFailedError):
            await producer.send_and_wait("assignment.tasks", b"{}")
    finally:
        await consumer.stop()
        await producer.stop()


def refusals(site: Site) -> list[str]:
    said = site.docker("logs", "--no-log-prefix", "kafka").stdout
    return [line for line in said.splitlines() if " is Denied " in line]


async def test_no_service_writes_to_anothers_topic_and_the_broker_logs_who_tried(
    deployed: Site,
) -> None:
    tried = "Principal = User:reporting is Denied operation = WRITE from host = "
    assert [line for line in refusals(deployed) if tried in line] == []
    producer = AIOKafkaProducer(**deployed.kafka("reporting"), enable_idempotence=True)
    await producer.start()
    try:
        with pytest.raises(TopicAuthorizationFailedError):
            await producer.send_and_wait("assignment.tasks", b"{}")
    finally:
        await producer.stop()

    told = until(lambda: [line for line in refusals(deployed) if tried in line])
    assert {json.loads(line)["level"] for line in told} == {"info"}
    assert all("on resource = Topic:LITERAL:assignment.tasks for request = " in one for one in told)
    assert leaked(deployed, "\n".join(told)) == []


def test_a_letter_is_issued_acknowledged_and_reported(deployed: Site) -> None:
    agency = "HN-SCT"
    with deployed.client("notification", UserRole.AGENCY, agency) as office:
        contact = {"addresses": [{"name": "Văn thư", "email": "vanthu@example.org"}]}
        until(lambda: office.put(f"/contacts/{agency}", json=contact).is_success)  # once known

    issue_6050(deployed)

    with deployed.client("assignment", UserRole.AGENCY, agency) as office:
        tasks = until(lambda: office.get("/tasks?role=lead").json()["items"])
        for task in tasks:
            post(office, f"/tasks/{task['id']}/acknowledge")
    with deployed.client("reporting", UserRole.AGENCY, agency) as office:
        owed = until(lambda: office.get("/obligations?kind=completion").json()["items"])
        body = {"obligation_id": owed[0]["id"], "narrative": "Đã thực hiện xong."}
        answer = office.put(f"/reports/{uuid4()}", json=body)
        assert answer.is_success, answer.text
        report = answer.json()
    with deployed.client("reporting", UserRole.COORDINATOR) as clerk:
        post(clerk, f"/reports/{report['id']}/accept")
    with deployed.client("assignment", UserRole.AGENCY, agency) as office:
        path = f"/tasks/{owed[0]['task_id']}"
        until(lambda: office.get(path).json()["state"] == "completed")
    mails = f"http://127.0.0.1:{deployed.variables['DONDOC_MAIL_PORT']}/mails"
    until(lambda: any("vanthu@example.org" in mail["to"] for mail in httpx.get(mails).json()))


@pytest.mark.parametrize("service", RUNNING)
def test_what_crashes_under_load_comes_back(deployed: Site, service: str) -> None:
    with load_on(deployed) as load:
        until(lambda: load.directives > 0)
        before = deployed.restarts(service)

        deployed.crash(service)

        until(lambda: deployed.restarts(service) > before)
        until(deployed.healthy)
        known = load.directives
        until(lambda: load.directives > known + 1)


def test_nothing_was_lost_when_everything_had_crashed(deployed: Site) -> None:
    assert all(deployed.restarts(service) > 0 for service in RUNNING)
    assert "lost=0 doubled=0 reordered=0" in deployed.verify()


def test_no_password_and_nothing_made_of_one_is_in_any_log(deployed: Site) -> None:
    logs = deployed.logs()

    assert len(in_postgresql()) == 3 * len(("postgres", *SERVICES))
    assert len(in_kafka()) >= 3 * len(("admin", *principals()))
    assert leaked(deployed, logs) == []
    assert "rights as declared" in logs
    assert "service_started" in logs


def test_down_and_up_keeps_everything(deployed: Site) -> None:
    with deployed.client("assignment", UserRole.AUDITOR) as auditor:
        before = auditor.get("/directives").json()
    deployed.docker("--profile", "mail", "down")

    deployed.up()

    with deployed.client("assignment", UserRole.AUDITOR) as auditor:
        assert auditor.get("/directives").json() == before
    assert before["items"]
