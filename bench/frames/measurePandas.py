"""The same questions to pandas: prints one JSON object of medians in milliseconds. Usage: pandas.py FILE.parquet RUNS"""
import json
import statistics
import sys
import time

import pandas as pd

path, runs = sys.argv[1], int(sys.argv[2])


def median(action):
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


df = pd.read_parquet(path)


def group(key):
    return df.groupby(key).agg(n=("x", "size"), mean=("x", "mean"), total=("y", "sum"), most=("x", "max"))


print(
    json.dumps(
        {
            "version": pd.__version__,
            "text": median(lambda: group("text")),
            "both": median(lambda: group(["text", "integer"])),
            "integer": median(lambda: group("integer")),
            "one": median(lambda: df.groupby("text").agg(mean=("x", "mean"))),
            "read": median(lambda: pd.read_parquet(path)),
            "describe": median(lambda: df.describe(include="all")),
        }
    )
)
