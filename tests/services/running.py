"""Real services for the tests: PostgreSQL, Redis, nginx, Rasa servers, an action server. All on loopback, all temporary."""

from __future__ import annotations

import asyncio
import glob
import http.client
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from aiohttp import ClientError, ClientSession, TCPConnector, web

ROOT = Path(__file__).resolve().parents[2]
LOOPBACK = "127.0.0.1"
START_WITHIN = 300.0  # seconds; the machine may be busy


def free_port():
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return probe.getsockname()[1]


def binary(name):
    """The path of a program, also where Debian hides those of PostgreSQL."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    return found or next(iter(sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"), reverse=True)), None)


NEEDED = {"initdb": "postgresql", "postgres": "postgresql", "redis-server": "redis-server", "nginx": "nginx"}


def missing():
    """Debian packages that are not there."""
    return sorted({package for program, package in NEEDED.items() if binary(program) is None})


def wait_until(true, what, within=START_WITHIN):
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if true():
            return
        time.sleep(0.05)
    raise TimeoutError(what)


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0


class Service:
    """A process that can be started, killed and started again on the same port."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.port = free_port()
        self.process = None

    def command(self):
        raise NotImplementedError

    def environment(self):
        return dict(os.environ)

    def ready(self):
        return listens(self.port)

    def start(self, wait=True):
        log = open(self.folder / f"{type(self).__name__.lower()}-{self.port}.log", "ab")  # noqa: SIM115
        self.process = subprocess.Popen(
            self.command(), env=self.environment(), cwd=ROOT, stdout=log, stderr=log, start_new_session=True
        )
        log.close()
        if wait:
            self.wait()
        return self

    def wait(self):
        def up():
            assert self.process.poll() is None, f"{self.command()[0]} ended: see {self.folder}\n{self.log()}"
            return self.ready()

        wait_until(up, f"{type(self).__name__} did not start")

    def log(self):
        path = self.folder / f"{type(self).__name__.lower()}-{self.port}.log"
        return path.read_text(errors="replace")[-3000:] if path.exists() else ""

    def kill(self, how=signal.SIGKILL):
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, how)
            self.process.wait(60)

    def stop(self):
        try:
            self.kill(signal.SIGTERM)
        except subprocess.TimeoutExpired:
            self.kill()


class Postgres(Service):
    """A cluster of its own. PostgreSQL refuses to run as root, so then it runs as its own user."""

    user, name = "myelin", "myelin"

    def __init__(self, folder):
        super().__init__(folder)
        self.data = self.folder / "postgres"
        self.data.mkdir()
        self.as_user = []
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self.data, owner.pw_uid, owner.pw_gid)
            self.as_user = ["runuser", "-u", "postgres", "--"]
        self.run("initdb", "-D", str(self.data), "-U", self.user, "--auth=trust", "--no-sync", "-E", "UTF8")

    def run(self, program, *arguments, **options):
        options = {"check": True, "capture_output": True, **options}
        return subprocess.run([*self.as_user, binary(program), *arguments], cwd="/", **options)

    def command(self):
        settings = {"listen_addresses": LOOPBACK, "unix_socket_directories": str(self.data), "max_connections": "60"}
        flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [*self.as_user, binary("postgres"), "-D", str(self.data), "-p", str(self.port), *flags]

    def ready(self):
        return not self.psql("SELECT 1", database="postgres", check=False).returncode

    def psql(self, sql, database=None, check=True):
        client = binary("psql")
        at = ["-h", LOOPBACK, "-p", str(self.port), "-U", self.user, "-d", database or self.name]
        return subprocess.run(
            [client, *at, "-qtA", "-v", "ON_ERROR_STOP=1", "-c", sql], check=check, capture_output=True, text=True
        )

    def start(self, wait=True):
        super().start(wait)
        if wait and self.psql("SELECT 1", check=False).returncode:
            self.psql(f"CREATE DATABASE {self.name}", database="postgres")
            self.psql((ROOT / "deploy/postgres/schema.sql").read_text())
        return self

    def kill(self, how=signal.SIGQUIT):
        """At once, as in a crash; what was committed is in the log of the database."""
        main = self.data / "postmaster.pid"
        if main.exists():
            os.kill(int(main.read_text().split()[0]), how)
            self.process.wait(60)

    def stop(self):
        self.kill(signal.SIGINT)


class Redis(Service):
    def command(self):
        keeping = ["--appendonly", "yes", "--appendfsync", "everysec", "--save", ""]
        return [
            binary("redis-server"), "--bind", LOOPBACK, "--port", str(self.port), "--dir", str(self.folder), *keeping
        ]  # fmt: skip

    def ask(self, *command):
        """What ``redis-cli`` prints, control characters and all."""
        answer = subprocess.run([binary("redis-cli"), "-p", str(self.port), *command], check=True, capture_output=True)
        return answer.stdout.decode(errors="replace")

    @property
    def url(self):
        return f"redis://{LOOPBACK}:{self.port}/0"


class Actions(Service):
    def command(self):
        return [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--port", str(self.port), "--quiet"]

    def environment(self):
        return {**os.environ, "SANIC_HOST": LOOPBACK}


class Gate:
    """Stands before the action server; holds calls back on demand, so that a turn can be caught in its middle."""

    def __init__(self, target):
        self.port = free_port()
        self._target = f"http://{LOOPBACK}:{target}"
        self._loop = asyncio.new_event_loop()
        self._open = threading.Event()
        self._open.set()
        self.calls = 0
        self.held = threading.Event()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        asyncio.run_coroutine_threadsafe(self._serve(), self._loop).result(10)

    async def _serve(self):
        self._session = ClientSession(connector=TCPConnector(force_close=True))  # as Rasa does
        app = web.Application(client_max_size=2**26)
        app.router.add_route("*", "/{path:.*}", self._pass)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, LOOPBACK, self.port).start()

    async def _pass(self, request):
        body = await request.read()
        if request.method == "POST":
            self.calls += 1
            while not self._open.is_set():
                self.held.set()
                await asyncio.sleep(0.02)
        try:
            async with self._session.request(
                request.method, f"{self._target}{request.path}", data=body, headers={"Content-Type": "application/json"}
            ) as answer:
                return web.Response(status=answer.status, body=await answer.read(), content_type=answer.content_type)
        except ClientError:
            return web.Response(status=502)

    def hold(self):
        self.held.clear()
        self._open.clear()

    def release(self):
        self._open.set()

    def stop(self):
        async def close():
            await self._runner.cleanup()
            await self._session.close()

        self.release()
        asyncio.run_coroutine_threadsafe(close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)


class Rasa(Service):
    def __init__(self, folder, postgres, redis, gate):
        super().__init__(folder)
        self._settings = {
            "PORT": str(self.port),
            "MYELIN_INTERFACE": LOOPBACK,
            "MYELIN_SECRET": "s" * 40,
            "MYELIN_REDIS_URL": redis.url,
            "MYELIN_ACTIONS_URL": f"http://{LOOPBACK}:{gate.port}/webhook",
            "MYELIN_POSTGRES_HOST": LOOPBACK,
            "MYELIN_POSTGRES_PORT": str(postgres.port),
            "MYELIN_POSTGRES_DB": postgres.name,
            "MYELIN_POSTGRES_USER": postgres.user,
            "MYELIN_POSTGRES_PASSWORD": "none",
        }

    def command(self):
        return [sys.executable, "-m", "bot.production"]

    def environment(self):
        return {**os.environ, **self._settings}

    @property
    def url(self):
        return f"http://{LOOPBACK}:{self.port}"

    def memory(self):
        """MiB that would be free if the process ended."""
        rows = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text().splitlines()
        return sum(int(row.split()[1]) for row in rows if row.startswith("Private_")) / 1024


class Nginx(Service):
    def __init__(self, folder, servers):
        super().__init__(folder)
        self.run_folder = self.folder / "nginx"
        self.run_folder.mkdir()
        self.run_folder.chmod(0o777)
        upstreams = " ".join(f"server {LOOPBACK}:{server.port} max_fails=1 fail_timeout=2s;" for server in servers)
        self.values = {
            "MYELIN_NGINX_RUN": str(self.run_folder),
            "MYELIN_NGINX_TYPES": "/etc/nginx/mime.types",
            "MYELIN_UPSTREAMS": upstreams,
            "MYELIN_LISTEN": f"{LOOPBACK}:{self.port}",
        }
        text = (ROOT / "deploy/nginx/nginx.conf.template").read_text()
        for name, value in self.values.items():
            text = text.replace(f"${{{name}}}", value)
        self.configuration = self.folder / "nginx.conf"
        self.configuration.write_text(text)

    def command(self):
        return [binary("nginx"), "-c", str(self.configuration), "-g", "daemon off;"]

    @property
    def url(self):
        return f"http://{LOOPBACK}:{self.port}"


def get(url, path):
    """Status and body."""
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=30)
    try:
        connection.request("GET", path)
        reply = connection.getresponse()
        return reply.status, reply.read()
    finally:
        connection.close()
