"""A Jupyter client over bare pyzmq sockets, for tests that must see and send every frame."""
import contextlib
import hashlib
import hmac
import json
import os
import tempfile
import time
import uuid

import psutil
import zmq
from jupyter_client import KernelManager
from jupyter_client.session import Session

KERNEL = os.environ.get("TUNELAB_CONFORMANCE_KERNEL", "tunelab")
# What is tested shall not end up in the user's history.
SCRATCH = tempfile.TemporaryDirectory()
SOCKETS = tempfile.TemporaryDirectory(dir="/tmp")
os.environ.setdefault("TUNELAB_HISTORY_FILE", os.path.join(SCRATCH.name, "history.jsonl"))
DELIMITER = b"<IDS|MSG>"
# Seconds after which something counts as hung, however busy the machine is.
PATIENCE = 150.0


class Outcome:
    """What arrived for one request."""

    def __init__(self, msg_id):
        self.msg_id = msg_id
        self.reply = None
        self.idle = False
        self.messages = []
        self.late = []
        self.input_requests = []
        self.seconds = None

    @property
    def status(self):
        return self.reply["content"].get("status") if self.reply else None

    def of(self, kind):
        return [message for message in self.messages if message["msg_type"] == kind]

    def text(self, name="stdout"):
        streams = (message["content"] for message in self.of("stream"))
        return "".join(content["text"] for content in streams if content["name"] == name)

    @property
    def value(self):
        for message in self.of("execute_result"):
            return message["content"]["data"].get("text/plain")

    @property
    def error(self):
        for message in self.of("error"):
            return message["content"]

    def __str__(self):
        parts = [f"reply {self.status or 'missing'}", "idle seen" if self.idle else "no idle"]
        if self.value is not None:
            parts.append(f"value {self.value[:200]!r}")
        for name in ("stdout", "stderr"):
            if self.text(name):
                parts.append(f"{name} {self.text(name)[:300]!r}")
        content = self.error or (self.reply["content"] if self.status == "error" else None)
        if content:
            parts.append(f"error {content.get('ename')}: {str(content.get('evalue'))[:300]}")
        return ", ".join(parts)


class Client:
    """One front end: its own identity, its own session, its own sockets."""

    def __init__(self, connection, key=None, identity=None):
        self.connection = connection
        own_key = connection["key"]
        self.key = own_key if isinstance(own_key, bytes) else own_key.encode()
        if key is not None:
            self.key = key
        # jupyter_client's session signs, and refuses what is wrongly signed or replayed.
        self.session = Session(key=self.key, signature_scheme=connection["signature_scheme"])
        self.context = zmq.Context()
        self.identity = identity or uuid.uuid4().hex.encode()
        self.shell = self.open("shell", zmq.DEALER)
        self.control = self.open("control", zmq.DEALER)
        self.stdin = self.open("stdin", zmq.DEALER)
        self.iopub = self.open("iopub", zmq.SUB)
        self.outcomes = {}
        self.strays = []

    def address(self, channel):
        port, ip = self.connection[f"{channel}_port"], self.connection["ip"]
        return f"ipc://{ip}-{port}" if self.connection["transport"] == "ipc" else f"tcp://{ip}:{port}"

    def open(self, channel, kind):
        socket = self.context.socket(kind)
        socket.linger = 0
        socket.rcvhwm = socket.sndhwm = 0
        socket.setsockopt(zmq.RECONNECT_IVL, 5)
        if kind == zmq.DEALER:
            socket.identity = self.identity
        if kind == zmq.SUB:
            socket.setsockopt(zmq.SUBSCRIBE, b"")
        socket.connect(self.address(channel))
        return socket

    def close(self):
        self.context.destroy(linger=0)

    # Sending

    def frames(self, kind, content, msg_id=None):
        """The frames of a signed request, by hand; returns them with the message's id."""
        header = {
            "msg_id": msg_id or uuid.uuid4().hex,
            "session": self.session.session,
            "username": "conformance",
            "date": "2026-01-01T00:00:00.000000Z",
            "msg_type": kind,
            "version": "5.3",
        }
        parts = [json.dumps(part).encode() for part in (header, {}, {}, content)]
        return header["msg_id"], [DELIMITER, self.sign(parts), *parts]

    def sign(self, parts):
        digest = hmac.new(self.key, digestmod=hashlib.sha256)
        for part in parts:
            digest.update(part)
        return digest.hexdigest().encode()

    def send(self, kind, content=None, channel="shell", buffers=None):
        message = self.session.msg(kind, content or {})
        self.outcomes[message["header"]["msg_id"]] = Outcome(message["header"]["msg_id"])
        self.session.send(getattr(self, channel), message, buffers=buffers)
        return message["header"]["msg_id"]

    def start(self, code, **options):
        content = dict(
            code=code, silent=False, store_history=True, user_expressions={}, allow_stdin=False, stop_on_error=True
        )
        content.update(options)
        return self.send("execute_request", content)

    # Receiving

    def poll(self, milliseconds, answer=None):
        """Takes in what arrives within the time; returns whether anything did."""
        poller = zmq.Poller()
        for socket in (self.shell, self.control, self.stdin, self.iopub):
            poller.register(socket, zmq.POLLIN)
        ready = dict(poller.poll(milliseconds))
        for socket in ready:
            while True:
                try:
                    _, message = self.session.recv(socket, mode=zmq.NOBLOCK)
                except zmq.Again:
                    break
                if message is None:
                    break
                self._take(socket, message, answer)
        return bool(ready)

    def _take(self, socket, message, answer):
        outcome = self.outcomes.get(message["parent_header"].get("msg_id"))
        if outcome is None:
            self.strays.append(message)
        elif socket is self.iopub:
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                outcome.idle = True
            else:
                (outcome.late if outcome.idle else outcome.messages).append(message)
        elif socket is self.stdin:
            outcome.input_requests.append(message["content"])
            if answer is not None:
                reply = self.session.msg("input_reply", {"status": "ok", "value": answer}, parent=message["header"])
                self.session.send(self.stdin, reply)
        else:
            outcome.reply = message

    def wait(self, msg_id, timeout=PATIENCE, idle=True, answer=None):
        """Waits for a request's reply (and idle status); the outcome tells what is missing after `timeout`."""
        outcome = self.outcomes[msg_id]
        began = time.monotonic()
        while not (outcome.reply and (outcome.idle or not idle)):
            left = timeout - (time.monotonic() - began)
            if left <= 0:
                break
            self.poll(min(left, 0.5) * 1000, answer)
        outcome.seconds = time.monotonic() - began
        return outcome

    def request(self, kind, content=None, channel="shell", timeout=PATIENCE, idle=True):
        return self.wait(self.send(kind, content, channel), timeout, idle)

    def execute(self, code, timeout=PATIENCE, answer=None, **options):
        return self.wait(self.start(code, allow_stdin=answer is not None, **options), timeout, answer=answer)

    def until(self, condition, what, timeout=PATIENCE):
        """Takes in everything until a condition holds."""
        end = time.monotonic() + timeout
        while not condition():
            if time.monotonic() > end:
                raise AssertionError(f"waited {timeout:.0f} s for {what}")
            self.poll(50)

    def listen(self, seconds):
        """Takes in everything for a while."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.poll(left * 1000)

    def settle(self, timeout=PATIENCE):
        """Waits until an idle status arrives: the subscription holds from then on."""
        until = time.monotonic() + timeout
        while time.monotonic() < until:
            outcome = self.request("kernel_info_request", timeout=0.5)
            if outcome.reply and outcome.idle:
                return outcome
        raise AssertionError(f"no kernel_info_reply with an idle status within {timeout} s")

    def beat(self, timeout=PATIENCE):
        """Whether a heartbeat comes back."""
        socket = self.context.socket(zmq.REQ)
        socket.linger = 0
        socket.connect(self.address("hb"))
        socket.send(b"beat")
        came = socket.poll(timeout * 1000)
        socket.close()
        return bool(came)


class Kernel:
    """A kernel started through its kernelspec, with one client connected."""

    def __init__(self, cwd=None, arguments=(), transport="tcp", log=None):
        self.manager = KernelManager(kernel_name=KERNEL, transport=transport)
        if transport == "ipc":
            # A path of its own: jupyter_client's default is relative to the working folder, which ours is not. The path
            # of a socket has to be short, which that of the temporary folder need not be.
            self.manager.ip = os.path.join(tempfile.mkdtemp(dir=SOCKETS.name), "kernel")
        self.log = open(log or os.devnull, "ab")
        self.manager.start_kernel(extra_arguments=list(arguments), cwd=cwd, stdout=self.log, stderr=self.log)
        self.connection = self.manager.get_connection_info()
        self.client = Client(self.connection)
        try:
            self.info = self.client.settle().reply["content"]
        except AssertionError:
            self.stop()
            raise

    @property
    def pid(self):
        return self.manager.provisioner.process.pid

    @property
    def alive(self):
        return self.manager.is_alive()

    @staticmethod
    def left(processes):
        """Waits for the end of processes; returns those that go on. One that nobody has collected yet has ended."""
        until = time.monotonic() + PATIENCE
        while True:
            alive = []
            for process in processes:
                with contextlib.suppress(psutil.Error):
                    if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                        alive.append(process)
            if not alive or time.monotonic() > until:
                return alive
            time.sleep(0.05)

    def processes(self):
        """The kernel's process and all below it."""
        try:
            parent = psutil.Process(self.pid)
            return [parent, *parent.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def child(self):
        """The process that runs the cells, and the cell that said so."""
        outcome = self.client.execute("process.pid")
        return psutil.Process(int(outcome.value)), outcome

    def rss(self):
        """Resident memory of all its processes in MB."""
        total = 0
        for process in self.processes():
            with contextlib.suppress(psutil.Error):
                total += process.memory_info().rss
        return total / 2**20

    def ends(self):
        """Waits for the end of the kernel's own process."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if not self.alive:
                return True
            time.sleep(0.05)
        return False

    def stop(self):
        tree = self.processes()
        self.client.close()
        with contextlib.suppress(Exception):
            self.manager.shutdown_kernel(now=True)
        for process in tree:
            with contextlib.suppress(psutil.Error):
                process.kill()
        self.log.close()
