"""What others ask of the daemon: is it alive, is it ready, and its metrics."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException
from threading import Thread

import uvicorn
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from closeout.daemon import metrics
from closeout.daemon.known import Known
from closeout.errors import ConfigurationError


def app(known: Known, alive: Callable[[], bool]) -> Starlette:
    """Return the application: `/healthz` whether the scheduler works, `/readyz` whether every job has had a run and none
    fails, by name, and `/metrics`.
    """
    found = metrics.registry(known)

    async def healthz(_: Request) -> Response:
        well = alive()
        return JSONResponse({"alive": well}, 200 if well else 503)

    async def readyz(_: Request) -> Response:
        past = known.all()
        waiting = sorted(f"{name} {task}" for (name, task), one in past.items() if task == "sync" and not one.ended)
        failing = sorted(f"{name} {task}" for (name, task), one in past.items() if one.failing)
        return JSONResponse({"waiting": waiting, "failing": failing}, 503 if waiting or not alive() else 200)

    async def measured(_: Request) -> Response:
        return Response(metrics.text(found), media_type=CONTENT_TYPE_LATEST)

    routes = [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", measured)]
    return Starlette(routes=routes)


@contextmanager
def served(application: Starlette, listen: str) -> Iterator[int]:
    """Serve on `address:port` while the context lasts, and return the port (which the system chooses for 0).

    Raises ConfigurationError if it cannot be listened on.
    """
    host, _, port = listen.rpartition(":")
    config = uvicorn.Config(application, lifespan="off", log_config=None, access_log=False, limit_concurrency=64)
    try:
        config.host, config.port = host.strip("[]") or "127.0.0.1", int(port)
        socket = config.bind_socket()
        socket.listen()  # it would only be tried later, where nobody could be told
    except (OSError, OverflowError, SystemExit) as error:
        message = f"[daemon] listen: could not listen on {listen}: is another program there? Name another address:port"
        raise ConfigurationError(message) from error
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, args=([socket],), daemon=True, name="web")
    thread.start()
    try:
        yield socket.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(5.0)
        socket.close()


def answers(listen: str) -> bool:
    """Whether the daemon that listens on `address:port` of this machine says that it is alive; yes if it listens nowhere."""
    if not listen:
        return True
    host, _, port = listen.rpartition(":")
    here = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "[::]": "::1"}.get(host, host.strip("[]"))  # noqa: S104 - anywhere
    try:
        with closing(HTTPConnection(here, int(port), timeout=4)) as asked:
            asked.request("GET", "/healthz")
            return asked.getresponse().status == 200
    except (OSError, HTTPException, ValueError):
        return False
