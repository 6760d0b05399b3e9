"""Python's side: parses a JSON Lines file line by line and keeps nothing. Prints seconds as JSON."""

import json
import platform
import sys
import time

started, before = time.perf_counter(), time.process_time()
with open(sys.argv[1], encoding="utf-8") as file:
    for line in file:
        json.loads(line)
wall, cpu = time.perf_counter() - started, time.process_time() - before
print(json.dumps({"parse": wall, "parseCpu": cpu, "version": platform.python_version()}))
