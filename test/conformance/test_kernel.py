"""Runs Jupyter's own kernel test suite (jupyter_kernel_test) against the kernelspec `tunelab`.

    JUPYTER_DATA_DIR=... python3 test_kernel.py

`run.sh` sets the kernelspec up. Each attribute below switches one of the suite's tests on.
"""
import os
import time
import unittest

import jupyter_kernel_test
from jupyter_kernel_test.msgspec_v5 import validate_message

PATIENCE = 60
"""Seconds after which something counts as hung, however busy the machine is."""


class TunelabKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = os.environ.get("TUNELAB_CONFORMANCE_KERNEL", "tunelab")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        channel = cls.kc.iopub_channel
        get_msg = channel.get_msg

        # The suite gives each message a tenth of a second, which a busy machine may not keep to.
        async def patient(timeout=None):
            return await get_msg(timeout=PATIENCE)

        channel.get_msg = patient

    def flush_channels(self):
        """Takes in what earlier tests left: all of it comes before the idle status of one more request."""
        msg_id = self.kc.kernel_info()
        while self.kc.get_shell_msg(timeout=PATIENCE)["parent_header"].get("msg_id") != msg_id:
            pass
        while True:
            message = self.kc.get_iopub_msg(timeout=PATIENCE)
            validate_message(message)
            if message["parent_header"].get("msg_id") == msg_id and message["content"].get("execution_state") == "idle":
                return

    def test_completion(self):
        # A completion leaves out what is not known in time: a busy kernel is asked until it knows all of it.
        until = time.monotonic() + PATIENCE
        for sample in self.completion_samples:
            while "matches" in sample and time.monotonic() < until:
                msg_id = self.kc.complete(sample["text"])
                reply = self.get_non_kernel_info_reply(timeout=PATIENCE)
                validate_message(reply, "complete_reply", msg_id)
                if set(reply["content"]["matches"]) == sample["matches"]:
                    break
        super().test_completion()

    language_name = "typescript"
    file_extension = ".ts"

    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('something to worry about')"

    # What completes in more than one way has its `matches` left out: the suite compares the whole set.
    completion_samples = [
        {"text": "consol", "matches": {"console"}},
        {"text": "[1,2,3].ma", "matches": {"map"}},
        {"text": "Math.hyp", "matches": {"hypot"}},
        {"text": "'abc'.toUpp", "matches": {"toUpperCase"}},
        {"text": "const list: number[] = [];\nlist.findLastI", "matches": {"findLastIndex"}},
        {"text": "process."},
        {"text": ""},
    ]

    complete_code_samples = [
        "",
        "// a remark",
        "1 + 1",
        "const total: number = 40 + 2",
        "function twice(x: number): number {\n  return 2 * x;\n}",
        "interface Row { id: number; tags?: string[] }",
        "class Box<T> { constructor(readonly value: T) {} }",
        "enum Colour { Red, Green }",
        "const first = <T,>(list: T[]) => list[0];",
        "await Promise.resolve(1)",
        "for await (const part of []) console.log(part)",
        "import { join } from 'node:path'",
        "`a ${1 + 1} b`",
        "const shout = (text: string) => text.toUpperCase()",
        "const value = 5 satisfies number",
        "%who",
    ]
    incomplete_code_samples = [
        "function twice(x: number): number {",
        "const list = [1, 2,",
        "console.log(",
        "`a template",
        "/* a remark",
        "if (true) {\n  console.log(1)",
        "class Box<T> {\n  get() {",
        "list.",
        "const total =",
        "const twice = (x: number) =>",
        "interface Row {",
        "import {",
        "1 +",
        "@decorated",
    ]
    invalid_code_samples = [
        "let = = 3",
        "1 +* 2",
        ")",
        "const 1st = 2",
        "function () {}",
        "if (true) }",
        "const text = 'never closed\nconst next = 1",
    ]

    code_generate_error = "throw new RangeError('on purpose')"

    code_execute_result = [
        {"code": "6*7", "result": "42"},
        {"code": "['a', 'b'].join('-')", "result": "'a-b'"},
        {"code": "null", "result": "null"},
        {"code": "2n ** 64n", "result": "18446744073709551616n"},
        {"code": "await Promise.resolve({ done: true })", "result": "{ done: true }"},
        {
            "code": "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>bold</b>' }) })",
            "mime": "text/html",
            "result": "<b>bold</b>",
        },
    ]
    code_display_data = [
        {"code": "import * as tslab from 'tslab';\ntslab.display.html('<b>bold</b>')", "mime": "text/html"},
        {
            "code": "await Deno.jupyter.display({ 'text/markdown': '**bold**' }, { raw: true })",
            "mime": "text/markdown",
        },
        {
            "code": "await Deno.jupyter.broadcast('display_data', "
            "{ data: { 'image/svg+xml': '<svg/>' }, metadata: {}, transient: {} })",
            "mime": "image/svg+xml",
        },
    ]

    supported_history_operations = ("tail", "range", "search")
    # A glob that fits one of the samples above and nothing else.
    code_history_pattern = "6?7"

    code_inspect_sample = "Math.max"
    code_clear_output = "await Deno.jupyter.broadcast('clear_output', { wait: false })"

    code_page_something = "Math.max?"


if __name__ == "__main__":
    unittest.main(verbosity=2)
