"""Workers: functions that do the jobs of a topic. Leases are lengthened while a function runs; a stop waits for it."""

import json
import logging
import os
import socket
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from engine.client.calls import Client
from engine.client.link import Refused

REST = "/engine-rest/external-task"
POLL_SECONDS = 5
"""How long a poll waits at the server, and hence a stop for its end."""
PAUSE_SECONDS = 1.0
"""After a poll that failed; doubles up to a minute."""
LONGEST_PAUSE_SECONDS = 60.0
_LOG = logging.getLogger("crmflow.worker")


@dataclass(frozen=True)
class Job:
    """``id`` is the same at every try: the idempotency key for what is done outside."""

    id: str
    topic: str
    variables: Mapping[str, Any]
    instance_id: str
    process: str
    business_key: str | None
    retries: int | None
    """Tries left after a failure; None at the first try."""
    properties: Mapping[str, str]
    """What the drawing says to this step."""


class BpmnError(Exception):
    """A business outcome that the process catches by its code. ``data`` become variables."""

    def __init__(self, code: str, message: str = "", **data: Any) -> None:
        super().__init__(message or code)
        self.code, self.message, self.data = code, message, data


class TryAgain(Exception):
    """It failed for now: ``retries`` tries are left, the next in ``after_seconds``. None left is an incident."""

    def __init__(self, message: str, *, retries: int, after_seconds: float = 0) -> None:
        super().__init__(message)
        self.retries, self.after_seconds = retries, after_seconds


Handler = Callable[[Job], Mapping[str, Any] | None]


@dataclass(frozen=True)
class _Topic:
    handler: Handler
    lease_seconds: float
    retries: int
    pause_seconds: float


class Worker:
    """``at_once`` jobs are done at the same time, each in a thread. ``name`` tells workers apart."""

    def __init__(self, client: Client, *, name: str = "", at_once: int = 4) -> None:
        self._link = client.link
        self.name = name or f"{socket.gethostname()}-{os.getpid()}-{id(self):x}"[-100:]
        self._topics: dict[str, _Topic] = {}
        self._at_once = at_once
        self._stopping = threading.Event()

    def job(
        self, topic: str, *, lease_seconds: float = 60, retries: int = 3, pause_seconds: float = 10
    ) -> Callable[[Handler], Handler]:
        """Decorates the function that does the jobs of ``topic``; what it gives back become variables.

        Any exception is a failed try: after ``retries`` of them there is an incident, between them ``pause_seconds``,
        twice as many each time.
        """

        def around(handler: Handler) -> Handler:
            self._topics[topic] = _Topic(handler, lease_seconds, retries, pause_seconds)
            return handler

        return around

    def stop(self) -> None:
        """No new jobs; ``run`` returns when those under way are done. May be called from a signal handler."""
        self._stopping.set()

    def run(self) -> None:
        """Until ``stop``. A server that is away is asked again and again."""
        if not self._topics:
            raise ValueError("this worker does nothing yet: decorate a function with @worker.job(topic)")
        pause = PAUSE_SECONDS
        with ThreadPoolExecutor(self._at_once, thread_name_prefix="crmflow-job") as pool:
            running: set[Future[None]] = set()
            while not self._stopping.is_set():
                running = {one for one in running if not one.done()}
                free = self._at_once - len(running)
                if not free:
                    wait(running, timeout=POLL_SECONDS, return_when=FIRST_COMPLETED)
                    continue
                try:
                    fetched = self._fetch(free)
                except (Refused, OSError) as error:
                    _LOG.warning("no jobs for %s: %s", self.name, error)
                    self._stopping.wait(pause)
                    pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
                    continue
                pause = PAUSE_SECONDS
                if self._stopping.is_set():
                    self._give_back(fetched)
                else:
                    running |= {pool.submit(self._do, task) for task in fetched}

    @contextmanager
    def running(self) -> Iterator[None]:
        """Runs beside what stands in the block, and is stopped behind it."""
        thread = threading.Thread(target=self.run, name="crmflow-worker")
        thread.start()
        try:
            yield
        finally:
            self.stop()
            thread.join()

    def _fetch(self, most: int) -> list[dict[str, Any]]:
        body = {
            "workerId": self.name,
            "maxTasks": most,
            "asyncResponseTimeout": POLL_SECONDS * 1000,
            "topics": [
                {
                    "topicName": name,
                    "lockDuration": round(topic.lease_seconds * 1000),
                    "includeExtensionProperties": True,
                }
                for name, topic in self._topics.items()
            ],
        }
        found: list[dict[str, Any]] | None = self._link.ask(
            "POST", f"{REST}/fetchAndLock", body, wait_seconds=POLL_SECONDS, again=False
        )
        return found or []

    def _give_back(self, fetched: Sequence[Mapping[str, Any]]) -> None:
        """What a poll took that was stopped meanwhile; what cannot be given back is free when its lease ends."""
        for task in fetched:
            try:
                self._link.ask("POST", f"{REST}/{task['id']}/unlock")
            except (Refused, OSError) as error:
                _LOG.warning("job %s was not given back: %s", task["id"], error)

    def _do(self, task: Mapping[str, Any]) -> None:
        topic = self._topics[task["topicName"]]
        job = _job(task)
        done = threading.Event()
        keeper = threading.Thread(target=self._keep, args=(job.id, topic, done), daemon=True)
        keeper.start()
        try:
            path, body = self._answer(topic, job)
        finally:
            done.set()
        try:
            self._link.ask("POST", f"{REST}/{job.id}/{path}", {"workerId": self.name, **body})
        except (Refused, OSError) as error:  # the lease ended: the job is somebody else's, or comes again
            _LOG.warning("the answer to job %s was not taken: %s", job.id, error)

    def _answer(self, topic: _Topic, job: Job) -> tuple[str, dict[str, Any]]:
        """What the server is told of it: (``complete``, ``bpmnError`` or ``failure``, the body)."""
        try:
            data = topic.handler(job)
            return "complete", {"variables": _typed(data or {})}
        except BpmnError as error:
            body = {"errorCode": error.code, "errorMessage": error.message, "variables": _typed(error.data)}
            return "bpmnError", body
        except TryAgain as error:
            return "failure", _failure(str(error), "", error.retries, error.after_seconds)
        except Exception as error:  # a handler is somebody's own code: whatever it raises is a failed try
            left = (topic.retries if job.retries is None else job.retries) - 1
            pause = topic.pause_seconds * 2 ** max(0, topic.retries - left - 1)
            said = f"{type(error).__name__}: {error}"
            return "failure", _failure(said, traceback.format_exc(), max(left, 0), pause)

    def _keep(self, job_id: str, topic: _Topic, done: threading.Event) -> None:
        """Lengthens the lease each time that half of it is over."""
        while not done.wait(topic.lease_seconds / 2):
            body = {"workerId": self.name, "newDuration": round(topic.lease_seconds * 1000)}
            try:
                self._link.ask("POST", f"{REST}/{job_id}/extendLock", body, again=False)
            except (Refused, OSError) as error:
                _LOG.warning("the lease of job %s was not lengthened: %s", job_id, error)


def _failure(message: str, details: str, retries: int, after_seconds: float) -> dict[str, Any]:
    return {
        "errorMessage": message,
        "errorDetails": details,
        "retries": retries,
        "retryTimeout": round(after_seconds * 1000),
    }


def _job(task: Mapping[str, Any]) -> Job:
    return Job(
        id=task["id"],
        topic=task["topicName"],
        variables={name: _value(one) for name, one in task["variables"].items()},
        instance_id=task["processInstanceId"],
        process=task["processDefinitionKey"],
        business_key=task["businessKey"],
        retries=task["retries"],
        properties=task["extensionProperties"],
    )


def _value(typed: Mapping[str, Any]) -> Any:
    """Objects and lists travel as JSON text."""
    value = typed["value"]
    return json.loads(value) if typed["type"] == "Json" and isinstance(value, str) else value


def _typed(data: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        name: {"value": json.dumps(value, ensure_ascii=False), "type": "Json"}
        if isinstance(value, dict | list | tuple)
        else {"value": value}
        for name, value in data.items()
    }
