"""Drives the kernel over bare pyzmq sockets: what a front end sees, and what a hostile or broken one can do.

    python3 test_pyzmq.py [-k interrupt]

Not the kernel's own client, and not its language: whatever both ends of this repository agree on by mistake shows here.
"""
import contextlib
import json
import os
import pathlib
import random
import signal
import subprocess
import tempfile
import time
import unittest

import psutil
import zmq
from raw_client import DELIMITER, PATIENCE, Client, Kernel


class KernelTest(unittest.TestCase):
    """One kernel for a class of tests; a test that harms it asks for a fresh one afterwards."""

    arguments = ()
    transport = "tcp"

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.log_file = os.path.join(cls.folder.name, "kernel.log")
        cls.kernel = Kernel(cls.folder.name, cls.arguments, cls.transport, cls.log_file)

    @classmethod
    def tearDownClass(cls):
        cls.kernel.stop()
        cls.folder.cleanup()

    def setUp(self):
        # A test that broke its kernel shall not break the next one.
        if not self.kernel.alive or self.client.execute("0").status != "ok":
            self.fresh()

    @property
    def client(self):
        return self.kernel.client

    def fresh(self):
        self.kernel.stop()
        type(self).kernel = Kernel(self.folder.name, self.arguments, self.transport, self.log_file)
        return self.kernel

    def gate(self):
        """Code that awaits, code that blocks, and what lets both go on."""
        path = pathlib.Path(self.folder.name) / os.urandom(8).hex()
        shut = f"!process.getBuiltinModule('node:fs').existsSync({json.dumps(str(path))})"
        return f"while ({shut}) await new Promise(done => setTimeout(done, 5));", f"while ({shut});", path.touch

    def log(self):
        self.kernel.log.flush()
        return pathlib.Path(self.log_file).read_text(errors="replace")

    def run_ok(self, code, **options):
        outcome = self.client.execute(code, **options)
        self.assertEqual(outcome.status, "ok", f"cell {code!r}: {outcome}")
        self.assertTrue(outcome.idle, f"cell {code!r}: {outcome}")
        return outcome

    def assertWorks(self, when="afterwards"):
        outcome = self.client.execute("6 * 7")
        self.assertEqual((outcome.status, outcome.value), ("ok", "42"), f"the kernel does not work {when}: {outcome}")

    def wait_busy(self, msg_id):
        """Waits until a request's execute_input has been published, and a moment longer."""
        self.client.until(lambda: self.client.outcomes[msg_id].of("execute_input"), "execute_input")
        time.sleep(0.3)


class Signatures(KernelTest):
    def test_every_message_from_the_kernel_is_signed(self):
        client = Client(self.kernel.connection)
        self.addCleanup(client.close)
        client.settle()
        for channel in ("shell", "control"):
            _, frames = client.frames("kernel_info_request", {})
            getattr(client, channel).send_multipart(frames)
        _, frames = client.frames(
            "execute_request", dict(code="console.log(1); prompt('name?'); 5", silent=False, allow_stdin=True)
        )
        client.shell.send_multipart(frames)
        seen = {"shell": 0, "control": 0, "stdin": 0, "iopub": 0}
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and not (seen["shell"] >= 2 and seen["control"] and seen["iopub"] >= 7):
            for channel in seen:
                socket = getattr(client, channel)
                if not socket.poll(20):
                    continue
                parts = socket.recv_multipart()
                at = parts.index(DELIMITER)
                signature, body = parts[at + 1], parts[at + 2 : at + 6]
                self.assertEqual(signature, client.sign(body), f"{channel}: wrong signature on {body[0]!r}")
                header, parent = json.loads(body[0]), json.loads(body[1])
                for field in ("msg_id", "msg_type", "session", "username", "date", "version"):
                    self.assertIsInstance(header.get(field), str, f"{channel}: header without {field}: {header}")
                if header["msg_type"] != "iopub_welcome":
                    self.assertTrue(parent.get("msg_id"), f"{channel}: {header['msg_type']} without a parent")
                seen[channel] += 1
                if channel == "stdin":
                    _, answer = client.frames("input_reply", {"value": "x", "status": "ok"})
                    client.stdin.send_multipart(answer)
        self.assertTrue(all(seen.values()), f"messages seen: {seen}")

    def counter(self):
        return int(self.run_ok("globalThis.count ?? 0").value)

    def send_and_look(self, frames, channel="shell"):
        """Sends frames that count up when they are run; returns by how much the counter went up."""
        before = self.counter()
        getattr(self.client, channel).send_multipart(frames)
        # The answer to what is sent behind them shows that they have arrived.
        self.client.request("kernel_info_request", channel=channel)
        return self.counter() - before

    def counting(self, **options):
        code = "globalThis.count = (globalThis.count ?? 0) + 1"
        return self.client.frames("execute_request", dict(code=code, silent=False, store_history=False), **options)[1]

    def test_a_good_message_runs(self):
        self.assertEqual(self.send_and_look(self.counting()), 1, "the message of the tests below does not even run")

    def test_wrong_key_is_dropped(self):
        other = Client(self.kernel.connection, key=b"not the key")
        self.addCleanup(other.close)
        before = self.counter()
        dropped = self.log().count("dropped")
        for kind in ("execute_request", "kernel_info_request", "shutdown_request"):
            for channel in ("shell", "control"):
                code = "globalThis.count = (globalThis.count ?? 0) + 1"
                getattr(other, channel).send_multipart(other.frames(kind, dict(code=code, restart=False))[1])
        self.client.until(lambda: self.log().count("dropped") >= dropped + 6, "six lines in the log")
        self.assertFalse(other.shell.poll(200) or other.control.poll(0), "a wrongly signed request got a reply")
        self.assertEqual(self.counter(), before, "a wrongly signed cell ran")
        self.assertWorks()

    def test_missing_short_and_upper_case_signatures_are_dropped(self):
        good = self.counting()
        for name, signature in (
            ("empty", b""),
            ("short", good[1][:-1]),
            ("long", good[1] + b"0"),
            ("zero", b"0" * 64),
            ("binary", bytes.fromhex(good[1].decode())),
        ):
            with self.subTest(name):
                frames = self.counting()
                frames[1] = signature
                self.assertEqual(self.send_and_look(frames), 0, f"a cell with a {name} signature ran")
        self.assertWorks()

    def test_changed_content_is_dropped(self):
        frames = self.counting()
        frames[5] = frames[5].replace(b"+ 1", b"+ 9")
        self.assertEqual(self.send_and_look(frames), 0, "a cell changed after it was signed ran")

    def test_replayed_message_is_dropped(self):
        frames = self.counting()
        self.assertEqual(self.send_and_look(frames), 1)
        self.assertEqual(self.send_and_look(frames), 0, "the same message ran twice")
        self.assertEqual(self.send_and_look(frames, "control"), 0, "the same message ran again over control")

    def test_dropped_messages_are_logged(self):
        frames = self.counting()
        frames[1] = b"0" * 64
        length = len(self.log())
        self.client.shell.send_multipart(frames)
        self.client.until(lambda: len(self.log()) > length, "a line on stderr about a dropped message")


class BrokenMessages(KernelTest):
    def test_broken_frames_are_dropped(self):
        client = self.client
        signed = lambda *parts: [DELIMITER, client.sign(list(parts)), *parts]
        header = lambda **fields: json.dumps(
            {"msg_id": os.urandom(8).hex(), "session": "s", "username": "u", "date": "", "version": "5.3", **fields}
        ).encode()
        cases = {
            "one frame": [b"junk"],
            "empty frame": [b""],
            "six frames without a delimiter": [b"a", b"b", b"c", b"d", b"e", b"f"],
            "delimiter alone": [DELIMITER],
            "three parts": [DELIMITER, client.sign([b"{}"] * 3), b"{}", b"{}", b"{}"],
            "not JSON": signed(b"{no", b"{}", b"{}", b"{}"),
            "not UTF-8": signed(b"\xff\xfe", b"{}", b"{}", b"{}"),
            "arrays": signed(b"[]", b"[]", b"[]", b"[]"),
            "nulls": signed(b"null", b"null", b"null", b"null"),
            "numbers": signed(b"1", b"2", b"3", b"4"),
            "empty header": signed(b"{}", b"{}", b"{}", b"{}"),
            "no msg_type": signed(header(), b"{}", b"{}", b"{}"),
            "msg_type is a number": signed(header(msg_type=5), b"{}", b"{}", b"{}"),
            "unknown msg_type": signed(header(msg_type="nonsense_request"), b"{}", b"{}", b"{}"),
            "prototype as msg_type": signed(header(msg_type="__proto__"), b"{}", b"{}", b"{}"),
            "constructor as msg_type": signed(header(msg_type="constructor"), b"{}", b"{}", b"{}"),
            "execute without code": signed(header(msg_type="execute_request"), b"{}", b"{}", b"{}"),
            "code is a number": signed(header(msg_type="execute_request"), b"{}", b"{}", b'{"code": 5}'),
            "complete without code": signed(header(msg_type="complete_request"), b"{}", b"{}", b"{}"),
            "cursor far away": signed(
                header(msg_type="complete_request"), b"{}", b"{}", b'{"code": "a", "cursor_pos": 1e9}'
            ),
            "cursor negative": signed(
                header(msg_type="inspect_request"), b"{}", b"{}", b'{"code": "a", "cursor_pos": -7}'
            ),
            "history of what": signed(header(msg_type="history_request"), b"{}", b"{}", b'{"hist_access_type": "?"}'),
            "comm_open without id": signed(header(msg_type="comm_open"), b"{}", b"{}", b"{}"),
            "comm_msg to nobody": signed(
                header(msg_type="comm_msg"), b"{}", b"{}", b'{"comm_id": "x", "data": {}}'
            ),
            "input_reply nobody asked for": signed(header(msg_type="input_reply"), b"{}", b"{}", b'{"value": "x"}'),
            "deep JSON": signed(
                header(msg_type="execute_request"), b"{}", b"{}", b'{"code":' + b"[" * 50_000 + b"]" * 50_000 + b"}"
            ),
            "user_expressions is a list": signed(
                header(msg_type="execute_request"), b"{}", b"{}", b'{"code": "1", "user_expressions": [1, 2]}'
            ),
            "buffers": signed(header(msg_type="comm_open"), b"{}", b"{}", b"{}") + [b"\0" * 1000] * 3,
        }
        for name, frames in cases.items():
            for channel in ("shell", "control", "stdin"):
                with self.subTest(name, channel=channel):
                    if not self.kernel.alive:
                        self.fresh()
                        client = self.client
                    # Signatures may be used once: sign again for each channel.
                    if len(frames) >= 6 and frames[0] == DELIMITER:
                        parts = [part.replace(b'"session": "s"', f'"session": "{channel}"'.encode()) for part in frames[2:6]]
                        frames = [DELIMITER, client.sign(parts), *parts, *frames[6:]]
                    getattr(client, channel).send_multipart(frames)
                    self.client.poll(100)
                    info = client.request("kernel_info_request")
                    self.assertIsNotNone(info.reply, f"{name} on {channel}: the kernel answers no more")
                    cell = client.execute("6 * 7")
                    self.assertEqual(cell.value, "42", f"{name} on {channel}: {cell}")
        self.assertTrue(self.client.beat(), "no heartbeat")


class Routing(KernelTest):
    def test_replies_go_to_who_asked_and_output_to_everybody(self):
        # Identities are raw bytes: these are no UTF-8.
        second = Client(self.kernel.connection, identity=b"\xff\x00\xfe\x80 two")
        self.addCleanup(second.close)
        second.settle()
        first_id = self.client.start("var shared = 'from the first'; 1")
        second_id = second.start("2")
        first, two = self.client.wait(first_id), second.wait(second_id)
        self.assertEqual((first.value, two.value), ("1", "2"), f"first {first}; second {two}")
        foreign = [m for m in second.strays if m["parent_header"].get("msg_id") == first_id]
        kinds = {message["msg_type"] for message in foreign}
        self.assertTrue({"status", "execute_input", "execute_result"} <= kinds, f"the second client saw only {kinds}")
        self.assertNotIn("execute_reply", kinds, "a reply went to the wrong client")
        self.assertEqual(second.execute("shared").value, "'from the first'")

    def test_input_is_asked_of_who_ran_the_cell(self):
        second = Client(self.kernel.connection)
        self.addCleanup(second.close)
        second.settle()
        outcome = second.execute("prompt('who? ')", answer="second")
        self.assertEqual(outcome.value, "'second'", str(outcome))
        self.assertEqual([request["prompt"] for request in outcome.input_requests], ["who? "])
        self.client.poll(200)
        self.assertFalse(
            [m for m in self.client.strays if m["msg_type"] == "input_request"], "the other client was asked"
        )

    def test_a_client_that_leaves_does_no_harm(self):
        gone = Client(self.kernel.connection)
        gone.settle()
        wait, _, go = self.gate()
        msg_id = gone.start(f"{wait} console.log('to nobody'); 1")
        seen = lambda: [m for m in self.client.strays if m["parent_header"].get("msg_id") == msg_id]
        self.client.until(seen, "the start of the cell")
        gone.close()
        go()
        self.client.until(lambda: any(m["msg_type"] == "execute_result" for m in seen()), "the result, at the other client")
        self.assertWorks()

    def test_welcome(self):
        socket = self.client.context.socket(zmq.SUB)
        socket.linger = 0
        socket.setsockopt(zmq.SUBSCRIBE, b"")
        socket.connect(self.client.address("iopub"))
        self.addCleanup(socket.close)
        self.assertTrue(socket.poll(1000 * PATIENCE), "no message came to a new subscriber")
        frames = socket.recv_multipart()
        at = frames.index(DELIMITER)
        header, content = json.loads(frames[at + 2]), json.loads(frames[at + 5])
        self.assertEqual(header["msg_type"], "iopub_welcome")
        self.assertEqual(content, {"subscription": ""})


class Channels(KernelTest):
    def test_all_channels_answer_while_a_cell_runs(self):
        _, block, go = self.gate()
        cell = self.client.start(block)
        self.wait_busy(cell)
        self.assertTrue(self.client.beat(), "no heartbeat while a cell runs")
        info = self.client.request("kernel_info_request", channel="control")
        self.assertIsNotNone(info.reply, "no kernel_info on control while a cell runs")
        self.assertIsNone(self.client.outcomes[cell].reply, "the cell did not run any more")
        go()
        self.assertEqual(self.client.wait(cell).status, "ok")

    def test_order_of_messages(self):
        msg_id = self.client.start("console.log('out'); 5")
        order = []
        while not (self.client.outcomes[msg_id].reply and self.client.outcomes[msg_id].idle):
            self.assertTrue(self.client.poll(1000 * PATIENCE), f"only {order} came")
        order = [
            m["content"].get("execution_state", m["msg_type"]) for m in self.client.outcomes[msg_id].messages
        ]
        self.assertEqual(order, ["busy", "execute_input", "stream", "execute_result"])

    def test_silent_publishes_status_alone(self):
        count = self.run_ok("0").reply["content"]["execution_count"]
        outcome = self.run_ok("5", silent=True)
        self.assertEqual([m["msg_type"] for m in outcome.messages], ["status"], "a silent cell published more")
        self.assertEqual(self.run_ok("0").reply["content"]["execution_count"], count + 1)

    def test_store_history_off_keeps_the_count(self):
        count = self.run_ok("0").reply["content"]["execution_count"]
        self.run_ok("5", store_history=False)
        self.assertEqual(self.run_ok("0").reply["content"]["execution_count"], count + 1)

    def test_user_expressions(self):
        outcome = self.run_ok("var base = 3", user_expressions={"good": "base + 1", "bad": "nowhere"})
        found = outcome.reply["content"]["user_expressions"]
        self.assertEqual(found["good"]["status"], "ok", found)
        self.assertEqual(found["good"]["data"]["text/plain"], "4", found)
        self.assertEqual((found["bad"]["status"], found["bad"]["ename"]), ("error", "ReferenceError"), found)

    def queued(self, stop_on_error):
        wait, _, go = self.gate()
        codes = [f"{wait} throw new Error('first')", "'second'", "'third'"]
        ids = [self.client.start(code, stop_on_error=stop_on_error) for code in codes]
        self.client.request("kernel_info_request")
        go()
        return [self.client.wait(msg_id) for msg_id in ids]

    def test_queue_after_an_error(self):
        stopped = self.queued(True)
        self.assertEqual([outcome.status for outcome in stopped], ["error", "aborted", "aborted"])
        self.assertTrue(all(outcome.idle for outcome in stopped), "an aborted cell had no idle status")
        self.assertFalse(stopped[1].of("execute_input"), "an aborted cell published execute_input")
        self.assertWorks("right after an abort")
        self.assertEqual([outcome.status for outcome in self.queued(False)], ["error", "ok", "ok"])

    def test_input(self):
        self.assertEqual(self.run_ok("prompt('name? ')", answer="Ada").value, "'Ada'")
        self.assertEqual(self.run_ok("confirm('sure?')", answer="y").value, "true")
        self.assertEqual(self.run_ok("confirm('sure?')", answer="no").value, "false")
        refused = self.client.execute("prompt('name? ')")
        self.assertEqual(refused.status, "error", f"a prompt without allow_stdin: {refused}")
        self.assertFalse(refused.input_requests, "the client was asked although it takes no input")

    def test_cursor_counts_code_points(self):
        code = "'😀😀'.toUpp + 1"
        # A completion leaves out what is not known in time: a busy kernel is asked again.
        replies = []
        ask = lambda: replies.append(
            self.client.request("complete_request", {"code": code, "cursor_pos": 10}).reply["content"]
        ) or replies[-1]["matches"]
        self.client.until(ask, "a match")
        reply = replies[-1]
        self.assertEqual((reply["matches"], reply["cursor_start"], reply["cursor_end"]), (["toUpperCase"], 5, 10))

    def test_comms(self):
        opened = self.client.outcomes[self.client.send("comm_open", {"comm_id": "c1", "target_name": "nobody", "data": {}})]
        self.client.until(lambda: opened.idle, "the idle status of comm_open")
        closes = [m for m in opened.messages if m["msg_type"] == "comm_close"]
        self.assertEqual([m["content"]["comm_id"] for m in closes], ["c1"], "an unknown target must be closed")
        info = self.client.request("comm_info_request", {}).reply["content"]
        self.assertEqual((info["status"], info["comms"]), ("ok", {}))

    def test_connect_and_completeness(self):
        connect = self.client.request("connect_request").reply["content"]
        for channel in ("shell", "iopub", "stdin", "hb"):
            self.assertEqual(connect[f"{channel}_port"], self.kernel.connection[f"{channel}_port"])
        for code, status in (("1", "complete"), ("f(", "incomplete"), ("let = = 1", "invalid")):
            reply = self.client.request("is_complete_request", {"code": code}).reply["content"]
            self.assertEqual(reply["status"], status, code)
        indent = self.client.request("is_complete_request", {"code": "if (x) {"}).reply["content"].get("indent")
        self.assertTrue(indent and not indent.strip(), f"indent {indent!r} of an open block")

    def test_traceback_shows_the_line_as_typed(self):
        code = "interface A {\n  b: string;\n}\nfunction thrower(a: number): never {\n  throw new Error('boom');\n}\nthrower(1)"
        error = self.client.execute(code).error
        text = "\n".join(error["traceback"])
        self.assertEqual((error["ename"], error["evalue"]), ("Error", "boom"))
        for place in (":5:9", ":7:1"):
            self.assertIn(place, text, "the traceback does not show the place")

    def test_odd_throws(self):
        for code in ("throw 'text'", "throw { code: 5 }", "throw undefined", "throw null", "throw new Error()",
                     "throw Object.create(null)", "throw new Proxy({}, { get() { throw 1 } })"):
            with self.subTest(code):
                outcome = self.client.execute(code)
                self.assertEqual(outcome.status, "error", f"{code}: {outcome}")
                for field in ("ename", "evalue"):
                    self.assertIsInstance(outcome.error[field], str, code)
                self.assertTrue(outcome.error["traceback"], code)
                self.assertWorks(f"after {code}")


class Output(KernelTest):
    def test_ten_thousand_lines_all_before_idle(self):
        outcome = self.run_ok("for (let i = 0; i < 10_000; i++) console.log('line ' + i)")
        self.client.listen(0.5)
        self.assertEqual(outcome.text(), "".join(f"line {i}\n" for i in range(10_000)), "lines are missing or out of order")
        self.assertFalse(outcome.late, "output came after idle")

    def test_stdout_and_stderr_keep_their_order(self):
        # A thousand messages at once: more than a socket's usual high water mark.
        for turn in range(5):
            outcome = self.run_ok("for (let i = 0; i < 500; i++) { console.log('o' + i); console.error('e' + i) }")
            text = "".join(m["content"]["text"] for m in outcome.of("stream"))
            count = len(outcome.of("stream"))
            self.assertTrue(
                text == "".join(f"o{i}\ne{i}\n" for i in range(500)),
                f"turn {turn}: {text.count(chr(10))} of 1000 lines came, in {count} messages",
            )

    def test_one_line_of_50_megabytes(self):
        outcome = self.run_ok("console.log('x'.repeat(50_000_000))")
        self.client.listen(0.5)
        text = outcome.text()
        self.assertEqual((len(text), text[-1], set(text[:-1])), (50_000_001, "\n", {"x"}))
        self.assertFalse(outcome.late, "output came after idle")
        self.assertWorks()

    def test_long_lines_outside_the_basic_plane(self):
        # An odd number of units first, so that no cut at an even length falls between two characters.
        for start in ("", "a"):
            outcome = self.run_ok(f"console.log('{start}' + '😀'.repeat(300_000))")
            self.assertEqual(outcome.text(), start + "😀" * 300_000 + "\n", "a character was cut in two")
            for message in outcome.of("stream"):
                message["content"]["text"].encode("utf-8")

    def test_raw_writes_and_grandchildren(self):
        outcome = self.run_ok(
            "import { writeSync } from 'node:fs'; import { spawnSync, spawn } from 'node:child_process';\n"
            "writeSync(1, 'raw out\\n'); writeSync(2, 'raw err\\n');\n"
            "spawnSync('echo', ['grandchild sync'], { stdio: 'inherit' });\n"
            "await new Promise(done => spawn('echo', ['grandchild async'], { stdio: 'inherit' }).on('close', done));\n"
            "process.stdout.write('written'); process.stderr.write('err written')"
        )
        for text in ("raw out\n", "grandchild sync\n", "grandchild async\n", "written"):
            self.assertIn(text, outcome.text("stdout"), f"{text!r} is missing before idle: {outcome}")
        for text in ("raw err\n", "err written"):
            self.assertIn(text, outcome.text("stderr"), f"{text!r} is missing before idle: {outcome}")

    def test_output_is_live_while_a_cell_loops(self):
        _, block, go = self.gate()
        msg_id = self.client.start(f"console.log('early'); {block}")
        outcome = self.client.outcomes[msg_id]
        self.client.until(lambda: "early" in outcome.text(), "output while the cell still loops")
        go()
        self.client.wait(msg_id)

    def test_late_output_belongs_to_its_cell(self):
        self.run_ok("var late = false; 1")
        first = self.client.start("var timer = setInterval(() => { if (late) { clearInterval(timer); console.log('late') } }, 5); 1")
        self.client.wait(first)
        second = self.client.start("late = true; await new Promise(done => setTimeout(done, 300)); 2")
        self.client.wait(second)
        self.client.until(lambda: self.client.outcomes[first].late, "the late line")
        late = [m["content"]["text"] for m in self.client.outcomes[first].late if m["msg_type"] == "stream"]
        self.assertEqual("".join(late), "late\n", "the late line did not come under the first cell")
        self.assertEqual(self.client.outcomes[second].text(), "", "the late line came under the second cell")

    def test_late_errors_belong_to_their_cell(self):
        for code in (
            "throw new Error('late boom')",
            "void Promise.reject(new Error('late boom'))",
        ):
            with self.subTest(code):
                self.run_ok("var late = false; 1")
                first = self.client.start(f"var timer = setInterval(() => {{ if (late) {{ clearInterval(timer); {code} }} }}, 5); 1")
                self.client.wait(first)
                second = self.client.start("late = true; await new Promise(done => setTimeout(done, 300)); 2")
                self.client.wait(second)
                self.client.until(lambda: self.client.outcomes[first].late, "the late error")
                self.assertEqual(self.client.outcomes[second].value, "2")
                shown = str([m["content"] for m in self.client.outcomes[first].late])
                self.assertIn("late boom", shown, "the late error was not shown under its cell")

    def test_unhandled_rejection_in_a_cell(self):
        msg_id = self.client.start("void Promise.reject(new Error('nobody caught')); 1")
        self.client.wait(msg_id)
        outcome = self.client.outcomes[msg_id]
        shown = lambda: str([m["content"] for m in outcome.messages + outcome.late])
        self.client.until(lambda: "nobody caught" in shown(), "the rejection")
        self.assertWorks()

    def test_flood_stays_bounded_and_can_be_stopped(self):
        self.run_ok("var keep = 77")
        before = self.kernel.rss()
        msg_id = self.client.start("for (;;) console.log('x'.repeat(500))")
        most = 0
        until = time.monotonic() + 3
        while time.monotonic() < until:
            time.sleep(0.2)
            most = max(most, self.kernel.rss())
        self.client.send("interrupt_request", channel="control")
        began = time.monotonic()
        while not self.client.outcomes[msg_id].reply and time.monotonic() - began < 3 * PATIENCE:
            self.client.poll(100)
            self.client.outcomes[msg_id].messages.clear()
        self.assertIsNotNone(self.client.outcomes[msg_id].reply, "a flood could not be interrupted")
        self.assertLess(most, before + 500, f"memory went from {before:.0f} to {most:.0f} MB")
        self.client.listen(1)
        self.assertEqual(self.client.execute("keep").value, "77")

    def test_a_client_that_reads_nothing_does_not_stop_the_others(self):
        deaf = self.client.context.socket(zmq.SUB)
        deaf.linger = 0
        deaf.rcvhwm = 10
        deaf.setsockopt(zmq.SUBSCRIBE, b"")
        deaf.connect(self.client.address("iopub"))
        self.addCleanup(deaf.close)
        time.sleep(0.3)
        # Enough to fill the deaf one's queue, and so little behind it that a busy machine's own pauses fill no other.
        code = "for (let i = 0; i < 110; i++) { console.log('y'.repeat(500_000)); if (i % 10 === 0) console.error(i) }"
        outcome = self.client.execute(code, timeout=3 * PATIENCE)
        self.assertEqual(outcome.status, "ok", f"with a client that reads nothing: {outcome}")
        counts = (outcome.text().count("y"), outcome.text("stderr").count("\n"))
        self.assertEqual(counts, (110 * 500_000, 11), "a client that reads lost output because another one does not")
        self.assertWorks()


class HostileValues(KernelTest):
    def test_values_that_fight_back(self):
        for name, code in {
            "throwing getter": "({ get trap() { throw new Error('no') }, ok: 1 })",
            "throwing everything": "new Proxy({}, { get() { throw 1 }, ownKeys() { throw 2 }, getPrototypeOf() { throw 3 }, has() { throw 4 } })",
            "proxy over itself": "(() => { const p = new Proxy({}, { get: () => p, has: () => true, getPrototypeOf: () => p }); return p })()",
            "revoked proxy": "(() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy })()",
            "circular": "(() => { const a = { list: [] }; a.self = a; a.list.push(a); return a })()",
            "endless iterator": "({ *[Symbol.iterator]() { for (;;) yield 1 } })",
            "endless generator": "(function* () { for (;;) yield 1 })()",
            "display throws": "({ [Symbol.for('Jupyter.display')]() { throw new Error('no') } })",
            "display never ends": "({ [Symbol.for('Jupyter.display')]() { return new Promise(() => {}) } })",
            "display returns nonsense": "({ [Symbol.for('Jupyter.display')]() { return 5 } })",
            "display with a circular bundle": "({ [Symbol.for('Jupyter.display')]() { const b = { 'application/json': {} }; b['application/json'].b = b; return b } })",
            "inspect throws": "({ [Symbol.for('nodejs.util.inspect.custom')]() { throw new Error('no') } })",
            "toJSON throws": "({ toJSON() { throw new Error('no') } })",
            "huge array": "new Array(4_000_000_000 - 1)",
            "deep object": "(() => { let d = {}; for (let i = 0; i < 100_000; i++) d = { d }; return d })()",
            "wide object": "Object.fromEntries(Array.from({ length: 200_000 }, (_, i) => ['k' + i, i]))",
            "no prototype": "Object.create(null)",
            "symbol": "Symbol('s')",
            "long string": "'x'.repeat(5_000_000)",
            "lone surrogate": "'\\ud800'",
            "control characters": "'\\u0000\\u001b[31m'",
            "error with a throwing message": "Object.defineProperty(new Error('x'), 'message', { get() { throw 1 } })",
            "error with a throwing stack": "Object.defineProperty(new Error('x'), 'stack', { get() { throw 1 } })",
        }.items():
            with self.subTest(name):
                msg_id = self.client.start(code)
                if name == "display never ends":
                    # A pending display is a pending await: it may wait, if it can be interrupted.
                    self.wait_busy(msg_id)
                    self.client.send("interrupt_request", channel="control")
                outcome = self.client.wait(msg_id)
                self.assertTrue(outcome.reply and outcome.idle, f"{name}: {outcome}")
                self.assertWorks(f"after {name}")

    def test_cells_of_unusual_size(self):
        big = "// " + "x" * 10_000_000 + "\n40 + 2"
        self.assertEqual(self.run_ok(big).value, "42")
        lines = "let total = 0;\n" + "total += 1;\n" * 50_000 + "total"
        self.assertEqual(self.run_ok(lines).value, "50000")
        wide = "[" + "1," * 500_000 + "].length"
        self.assertEqual(self.run_ok(wide).value, "500000")
        nested = self.client.execute("(" * 20_000 + "1" + ")" * 20_000)
        self.assertIn(nested.status, ("ok", "error"), f"deep nesting: {nested}")
        self.assertWorks("after deep nesting")


class Interrupts(KernelTest):
    """Each row: it ends, though it would not by itself, the reply says so, what was defined before is still there."""

    LOOP = "while (true) {}"

    def interrupt(self, code, keeps_state=True, by="message"):
        self.run_ok("var keep = 77")
        msg_id = self.client.start(code.replace(self.LOOP, f"console.log('looping'); {self.LOOP}"))
        if self.LOOP in code and "execSync" not in code:
            self.client.until(lambda: "looping" in self.client.outcomes[msg_id].text(), "the loop")
        else:
            self.wait_busy(msg_id)
        if by == "message":
            request = self.client.send("interrupt_request", channel="control")
        else:
            os.kill(self.kernel.pid, signal.SIGINT)
        outcome = self.client.wait(msg_id)
        self.assertIsNotNone(outcome.reply, f"the cell went on for {outcome.seconds:.0f} s")
        self.assertEqual(outcome.status, "error", str(outcome))
        self.assertTrue(outcome.idle, f"no idle status after the interrupt: {outcome}")
        self.assertTrue(outcome.error, f"no error message on iopub: {outcome}")
        if by == "message":
            reply = self.client.wait(request, idle=False)
            self.assertEqual(reply.status, "ok", "no interrupt_reply")
        self.assertTrue(self.kernel.alive, "the kernel ended")
        kept = self.client.execute("keep")
        if keeps_state:
            self.assertEqual(kept.value, "77", f"the state is lost: {kept}; the interrupted cell: {outcome}")
        else:
            self.assertWorks("after the interrupt")
        return outcome

    def test_sync_loop(self):
        self.interrupt("while (true) {}")

    def test_sync_loop_by_signal(self):
        self.interrupt("while (true) {}", by="signal")

    def test_sync_loop_in_a_function(self):
        self.interrupt("function spin(): never { for (;;) {} }\nspin()")

    def test_loop_that_catches_everything(self):
        self.interrupt("for (;;) { try { for (;;) {} } catch {} finally { for (;;) {} } }")

    def test_loop_after_an_await(self):
        self.interrupt("await null; while (true) {}")

    def test_loop_after_a_timer(self):
        self.interrupt("await new Promise(done => setTimeout(done, 50)); while (true) {}")

    def test_microtask_loop(self):
        self.interrupt("async function spin() { for (;;) await null }\nawait spin()")

    def test_microtask_loop_not_awaited(self):
        self.interrupt("(async () => { for (;;) await null })(); await new Promise(() => {})")

    def test_next_tick_loop(self):
        self.interrupt("(function spin() { process.nextTick(spin) })(); await new Promise(() => {})")

    def test_pending_await(self):
        self.interrupt("await new Promise(done => setTimeout(done, 2 ** 30))")

    def test_never_resolving_await(self):
        self.interrupt("await new Promise(() => {})")

    def test_never_resolving_await_by_signal(self):
        self.interrupt("await new Promise(() => {})", by="signal")

    def test_loop_in_a_timer_callback(self):
        self.interrupt("setTimeout(() => { while (true) {} }, 100); await new Promise(() => {})")

    def test_loop_in_an_immediate(self):
        self.interrupt("setImmediate(() => { while (true) {} }); await new Promise(() => {})")

    def test_loop_in_an_interval(self):
        self.interrupt("var ticker = setInterval(() => { while (true) {} }, 50); await new Promise(() => {})")
        self.client.execute("clearInterval(ticker)")

    def test_loop_in_an_event_callback(self):
        self.interrupt(
            "import { readFile } from 'node:fs'; readFile('/dev/null', () => { while (true) {} }); await new Promise(() => {})"
        )

    def test_regular_expression(self):
        self.interrupt("/^(a+)+$/.test('a'.repeat(40) + 'b')")

    def test_native_call_stops_when_it_returns(self):
        self.interrupt("import { execSync } from 'node:child_process'; execSync('sleep 2'); while (true) {}")

    def test_prompt_that_waits(self):
        self.run_ok("var keep = 77")
        msg_id = self.client.start("prompt('never answered')", allow_stdin=True)
        self.wait_busy(msg_id)
        self.client.send("interrupt_request", channel="control")
        outcome = self.client.wait(msg_id)
        self.assertEqual(outcome.status, "error", f"a waiting prompt: {outcome}")
        self.assertEqual(self.client.execute("keep").value, "77")

    def test_shell_line(self):
        self.run_ok("var keep = 77")
        self.interrupt("%sh sleep 1000")

    def test_queued_cells_are_aborted(self):
        first = self.client.start("while (true) {}")
        self.wait_busy(first)
        second = self.client.start("'second'")
        self.client.request("kernel_info_request")
        self.client.send("interrupt_request", channel="control")
        self.assertEqual(self.client.wait(first).status, "error")
        self.assertEqual(self.client.wait(second).status, "aborted")
        self.assertWorks()

    def test_while_idle(self):
        self.run_ok("var keep = 77")
        reply = self.client.request("interrupt_request", channel="control")
        self.assertEqual(reply.status, "ok")
        os.kill(self.kernel.pid, signal.SIGINT)
        # Whoever answers has taken in the signal before.
        self.client.request("kernel_info_request")
        self.assertTrue(self.kernel.alive, "SIGINT ended an idle kernel")
        self.assertEqual(self.client.execute("keep").value, "77")
        self.assertWorks("(the cell after an idle interrupt must not be interrupted)")

    def test_twice_in_a_row(self):
        for _ in range(3):
            self.interrupt("while (true) {}")
            self.interrupt("await new Promise(() => {})")

    def test_at_any_moment(self):
        # An impatient user: interrupts that meet a cell as it starts, as it ends, or just after it.
        codes = ("1 + 1", "console.log('x')", "throw 1", "let a = 1", "await null; 5",
                 "await new Promise(done => setTimeout(done, 1))", "import 'node:fs'")
        dice = random.Random(1)
        for turn in range(300):
            code = codes[turn % len(codes)]
            msg_id = self.client.start(code, stop_on_error=False)
            if turn % 2:
                time.sleep(dice.random() * 0.006)
            interrupt = self.client.send("interrupt_request", channel="control")
            where = f"turn {turn}, an interrupt around {code!r}"
            cell = self.client.wait(msg_id)
            self.assertTrue(cell.reply and cell.idle, f"{where}: {cell}")
            self.assertEqual(self.client.wait(interrupt, idle=False).status, "ok", where)
            after = self.client.execute("6 * 7")
            self.assertEqual((after.status, after.value), ("ok", "42"), f"{where} ({cell}); the next cell: {after}")

    def test_late_result_of_an_abandoned_cell_is_dropped(self):
        self.run_ok("var open; var opened = new Promise(done => { open = done }); 1")
        msg_id = self.client.start("await opened; 'too late'")
        self.wait_busy(msg_id)
        self.client.send("interrupt_request", channel="control")
        self.assertEqual(self.client.wait(msg_id).status, "error")
        second = self.client.start("open(); await new Promise(done => setTimeout(done, 300)); 'second'")
        self.assertEqual(self.client.wait(second).value, "'second'")
        self.assertFalse(self.client.outcomes[msg_id].of("execute_result"), "the abandoned cell's result was published")


class Deaths(KernelTest):
    """The process that runs the cells dies; the kernel says why and goes on with a new one."""

    def death(self, code, names):
        wait, _, go = self.gate()
        first = self.client.start(f"{wait} {code}")
        second = self.client.start("'queued'")
        self.client.request("kernel_info_request")
        go()
        outcome = self.client.wait(first)
        self.assertEqual(outcome.status, "error", f"{code}: {outcome}")
        self.assertTrue(outcome.idle, f"{code}: no idle status")
        error = outcome.error or {}
        text = " ".join([error.get("ename", ""), error.get("evalue", ""), *error.get("traceback", [])])
        self.assertTrue(any(name in text for name in names), f"{code}: none of {names} in {text!r}")
        self.assertEqual(self.client.wait(second).status, "aborted", "a cell queued behind the death")
        self.assertWorks(f"after {code}")
        return outcome

    def wait_for_late_error(self, outcome):
        """A death between cells is shown under the latest one."""
        self.client.until(lambda: any(m["msg_type"] == "error" for m in outcome.late), "the error that says why")

    def test_process_exit(self):
        self.run_ok("var keep = 1")
        outcome = self.death("console.log('last words'); process.exit(3)", ["3"])
        self.assertIn("last words", outcome.text(), "output before process.exit was lost")
        gone = self.client.execute("keep")
        self.assertEqual(gone.status, "error", "the state survived its process?")

    def test_process_exit_with_zero(self):
        self.death("process.exit()", ["0"])

    def test_exit_after_an_await(self):
        self.death("await new Promise(done => setTimeout(done, 100)); process.exit(4)", ["4"])

    def test_exit_in_a_timer_while_idle(self):
        wait, _, go = self.gate()
        cell = self.run_ok(f"setTimeout(async () => {{ {wait} process.exit(5) }}); 1")
        go()
        self.wait_for_late_error(cell)
        self.assertWorks("after an exit while idle")

    def test_abort(self):
        self.death("process.abort()", ["SIGABRT", "abort"])

    def test_kill_from_inside(self):
        self.death("process.kill(process.pid, 'SIGKILL'); while (true) {}", ["SIGKILL"])

    def test_kill_from_outside(self):
        child, _ = self.kernel.child()
        self.assertNotEqual(child.pid, self.kernel.pid, "cells run in the kernel's own process")
        msg_id = self.client.start("await new Promise(() => {})")
        self.wait_busy(msg_id)
        child.kill()
        outcome = self.client.wait(msg_id)
        self.assertEqual(outcome.status, "error", str(outcome))
        self.assertIn("SIGKILL", str(outcome.error))
        self.assertWorks()

    def test_kill_while_idle(self):
        child, cell = self.kernel.child()
        child.kill()
        self.wait_for_late_error(cell)
        self.assertWorks("after its child was killed while idle")

    def test_stack_overflow_is_an_ordinary_error(self):
        self.run_ok("var keep = 77")
        outcome = self.client.execute("function deep(): number { return deep() + 1 }\ndeep()")
        self.assertEqual((outcome.status, outcome.error["ename"]), ("error", "RangeError"), str(outcome))
        self.assertEqual(self.client.execute("keep").value, "77")

    def test_no_orphans(self):
        self.run_ok("import { spawn } from 'node:child_process'; var sleeper = spawn('sleep', ['1000']); 1")
        tree = self.kernel.processes()
        sleepers = [process for process in tree if "sleep" in " ".join(process.cmdline())]
        self.fresh()
        left = self.kernel.left([process for process in tree if process not in sleepers])
        for process in [*sleepers, *left]:
            with contextlib.suppress(psutil.Error):
                process.kill()
        self.assertFalse(left, f"the kernel ended and left {left}")


class OutOfMemory(KernelTest):
    arguments = ("--heap-mb", "128")

    def test_out_of_memory(self):
        msg_id = self.client.start("const hoard: unknown[] = []; for (;;) hoard.push(new Array(10_000).fill(hoard.length))")
        outcome = self.client.wait(msg_id, 3 * PATIENCE)
        self.assertEqual(outcome.status, "error", f"a cell that takes all memory: {outcome}")
        self.assertIn("memory", str(outcome.error).lower(), "the error does not say that memory ran out")
        self.assertWorks("after memory ran out")


class Lifecycle(KernelTest):
    def setUp(self):
        self.fresh()

    def shutdown(self, channel, restart):
        tree = self.kernel.processes()
        outcome = self.client.request("shutdown_request", {"restart": restart}, channel, idle=False)
        self.assertIsNotNone(outcome.reply, "no shutdown_reply")
        self.assertEqual(outcome.reply["content"], {"status": "ok", "restart": restart})
        self.assertTrue(self.kernel.ends(), "the kernel's process did not end")
        alive = self.kernel.left(tree)
        self.assertFalse(alive, f"left behind: {alive}")

    def test_shutdown_on_control(self):
        self.shutdown("control", False)

    def test_shutdown_on_shell(self):
        self.shutdown("shell", False)

    def test_shutdown_for_restart(self):
        self.shutdown("control", True)

    def test_shutdown_while_a_cell_loops(self):
        self.wait_busy(self.client.start("while (true) {}"))
        self.shutdown("control", False)

    def test_shutdown_while_timers_run(self):
        self.run_ok("setInterval(() => {}, 1000); 1")
        self.shutdown("control", False)

    def test_restart_by_the_manager(self):
        self.run_ok("var keep = 77")
        self.kernel.manager.restart_kernel(now=False)
        self.client.close()
        self.kernel.client = Client(self.kernel.manager.get_connection_info())
        self.kernel.client.settle()
        self.assertWorks("after a restart")
        self.assertEqual(self.client.execute("keep").status, "error", "the state survived a restart")

    def test_history_survives_a_restart(self):
        mark = f"'mark {os.urandom(6).hex()}'"
        self.run_ok(mark)
        self.client.request("shutdown_request", {"restart": True}, "control", idle=False)
        self.kernel.ends()
        self.fresh()
        asked = {"hist_access_type": "search", "pattern": "'mark*", "output": False, "raw": True, "n": 500}
        found = self.client.request("history_request", asked).reply["content"]["history"]
        self.assertIn(mark, [entry[2] for entry in found])
        asked = {"hist_access_type": "tail", "n": 3, "output": True, "raw": True}
        for entry in self.client.request("history_request", asked).reply["content"]["history"]:
            self.assertEqual(len(entry[2]), 2, f"output: true wants (input, output) pairs, got {entry}")

    def test_terminate_signal(self):
        tree = self.kernel.processes()
        os.kill(self.kernel.pid, signal.SIGTERM)
        self.assertTrue(self.kernel.ends(), "SIGTERM did not end the kernel")
        alive = self.kernel.left(tree)
        self.assertFalse(alive, f"left behind: {alive}")

    def test_killed_parent_takes_its_child_along(self):
        tree = self.kernel.processes()
        self.wait_busy(self.client.start("while (true) {}"))
        os.kill(self.kernel.pid, signal.SIGKILL)
        self.kernel.ends()
        alive = self.kernel.left(tree)
        for process in alive:
            process.kill()
        self.assertFalse(alive, f"the kernel was killed and left {alive}")


class Ipc(KernelTest):
    transport = "ipc"

    def test_works_over_unix_sockets(self):
        self.assertWorks("over ipc")
        self.assertTrue(self.client.beat(), "no heartbeat over ipc")
        self.assertEqual(self.run_ok("console.log('over ipc')").text(), "over ipc\n")


class ConnectionFiles(unittest.TestCase):
    """One clear line and exit code 1 for a connection file that cannot be used."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.kernel = Kernel(cls.folder.name)

    @classmethod
    def tearDownClass(cls):
        cls.kernel.stop()
        cls.folder.cleanup()

    def refuse(self, name, content, mention=None):
        path = os.path.join(self.folder.name, "connection.json")
        if content is None:
            path = os.path.join(self.folder.name, "missing.json")
        else:
            pathlib.Path(path).write_text(content)
        argv = [part.replace("{connection_file}", path) for part in self.kernel.manager.kernel_spec.argv]
        began = time.monotonic()
        try:
            run = subprocess.run(argv, capture_output=True, text=True, timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self.fail(f"{name}: the kernel still runs after {time.monotonic() - began:.0f} s")
        lines = run.stderr.strip().splitlines()
        self.assertEqual(run.returncode, 1, f"{name}: exit code {run.returncode}, stderr {run.stderr!r}")
        self.assertEqual(len(lines), 1, f"{name}: stderr {run.stderr!r}")
        if mention:
            self.assertIn(mention, lines[0], name)

    def test_refused(self):
        good = {k: v.decode() if isinstance(v, bytes) else v for k, v in self.kernel.connection.items()}
        changed = lambda **fields: json.dumps({**good, **fields})
        cases = {
            "missing": (None, "missing.json"),
            "empty": ("", None),
            "not JSON": ("{ nonsense", "JSON"),
            "not an object": ("[]", None),
            "null": ("null", None),
            "no ports": ("{}", "port"),
            "port is text": (changed(shell_port="x"), "shell_port"),
            "port too large": (changed(shell_port=70000), "shell_port"),
            "unknown transport": (changed(transport="udp"), "udp"),
            "unknown signature": (changed(signature_scheme="hmac-nonsense"), "hmac-nonsense"),
            "already in use": (json.dumps(good), None),
        }
        for name, (content, mention) in cases.items():
            with self.subTest(name):
                self.refuse(name, content, mention)
        self.assertTrue(self.kernel.alive)
        self.assertEqual(self.kernel.client.execute("6 * 7").value, "42", "the running kernel was disturbed")


if __name__ == "__main__":
    unittest.main(verbosity=2)
