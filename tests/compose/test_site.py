"""The proof on a container engine: docker-compose.yml as an operator runs it."""

import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import TopicAuthorizationFailedError

from deploy.demo.clerk import LETTER
from deploy.migrate import SERVICES
from shared.auth import UserRole
from tests.assignment.intake.pages import png
from tests.assignment.intake.test_scan import picture
from tests.compose.site import ONCE, Site

RUNNING = ("postgres", "kafka", *SERVICES)


def until(found: Callable[[], Any], seconds: float = 120) -> Any:
    """What is found at last; the last error is told if nothing is."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            if value := found():
                return value
        except (httpx.HTTPError, AssertionError):
            if time.monotonic() > deadline:
                raise
        assert time.monotonic() < deadline, f"nothing after {seconds} s"
        time.sleep(0.5)


def post(client: httpx.Client, path: str, body: Any = None, **more: Any) -> Any:
    headers = {"Idempotency-Key": str(uuid4()), **more.pop("headers", {})}
    answer = client.post(path, json=body, headers=headers, **more)
    assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
    return answer.json()


def ready(site: Site, service: str) -> bool:
    return httpx.get(f"{site.url(service)}/health/ready", timeout=10).status_code == 200


def issue(site: Site) -> str:
    """Letter 6050 read and issued over the published API; the directive's id."""
    with site.client("assignment", UserRole.COORDINATOR) as clerk:
        kind = {"Content-Type": "text/plain"}
        headers = {"Idempotency-Key": str(uuid4()), **kind}
        answer = clerk.post("/intake", content=LETTER.read_bytes(), headers=headers)
        assert answer.is_success, answer.text
        proposal, directive = answer.json(), str(uuid4())
        post(clerk, f"/intake/{proposal['id']}/confirm", {"directive_id": directive})
        post(clerk, f"/directives/{directive}/issue")
    return directive


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


async def test_others_read_everything_and_write_nothing(deployed: Site) -> None:
    access = deployed.kafka("subscriber")
    consumer = AIOKafkaConsumer(
        "assignment.agencies", **access, group_id="subscriber.x", auto_offset_reset="earliest"
    )
    producer = AIOKafkaProducer(**access)
    await consumer.start()
    await producer.start()
    try:
        found = await consumer.getmany(timeout_ms=20_000)
        assert sum(map(len, found.values())) > 0
        with pytest.raises(TopicAuthorizationFailedError):
            await producer.send_and_wait("assignment.tasks", b"{}")
    finally:
        await consumer.stop()
        await producer.stop()


async def test_no_service_writes_to_anothers_topic(deployed: Site) -> None:
    producer = AIOKafkaProducer(**deployed.kafka("reporting"), enable_idempotence=True)
    await producer.start()
    try:
        with pytest.raises(TopicAuthorizationFailedError):
            await producer.send_and_wait("assignment.tasks", b"{}")
    finally:
        await producer.stop()


def test_a_letter_is_issued_acknowledged_and_reported(deployed: Site) -> None:
    agency = "HN-SCT"
    with deployed.client("notification", UserRole.AGENCY, agency) as office:
        contact = {"addresses": [{"name": "Văn thư", "email": "vanthu@example.org"}]}
        answer = office.put(f"/contacts/{agency}", json=contact)
        assert answer.is_success, answer.text

    issue(deployed)

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


def test_each_container_comes_back_after_a_crash(deployed: Site) -> None:
    for service in RUNNING:
        deployed.crash(service)
    until(lambda: all(ready(deployed, service) for service in SERVICES))

    assert "lost=0 doubled=0 reordered=0" in deployed.verify()


def test_down_and_up_keeps_everything(deployed: Site) -> None:
    with deployed.client("assignment", UserRole.AUDITOR) as auditor:
        before = auditor.get("/directives").json()
    deployed.docker("--profile", "mail", "down")

    deployed.up()

    with deployed.client("assignment", UserRole.AUDITOR) as auditor:
        assert auditor.get("/directives").json() == before
    assert before["items"]
