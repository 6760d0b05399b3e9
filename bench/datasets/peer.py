"""The tasks of run.mjs in Python's datasets, as JSON: milliseconds by task."""

import json
import shutil
import sys
import tempfile
import time

import datasets
import numpy
from datasets import Dataset, load_from_disk

rows, runs = int(sys.argv[1]), int(sys.argv[2])
datasets.disable_progress_bars()
datasets.disable_caching()

columns = {
    "id": numpy.arange(rows, dtype=numpy.int32),
    "text": [f"row {i} of {rows}" for i in range(rows)],
    "score": [((i * 7919) % 1000) / 10 for i in range(rows)],
}
ds = Dataset.from_dict(columns)
objects = [{"id": i, "text": columns["text"][i], "score": columns["score"][i]} for i in range(rows)]
shuffled = ds.shuffle(seed=42)
folder = tempfile.mkdtemp()


def loop():
    total = 0
    for row in ds:
        total += row["score"]
    return total


tasks = {
    "from rows": lambda: Dataset.from_list(objects),
    "map, one line": lambda: ds.map(lambda row: {"length": len(row["text"])}, keep_in_memory=True),
    "map in batches": lambda: ds.map(
        lambda batch: {"length": [len(text) for text in batch["text"]]}, batched=True, keep_in_memory=True
    ),
    "map after shuffle": lambda: shuffled.map(lambda row: {"length": len(row["text"])}, keep_in_memory=True),
    "filter": lambda: ds.filter(lambda row: row["score"] > 50, keep_in_memory=True),
    "shuffle": lambda: ds.shuffle(seed=42, keep_in_memory=True),
    "sort by number": lambda: ds.sort("score", keep_in_memory=True),
    "sort by text": lambda: shuffled.sort("text", keep_in_memory=True),
    "train and test": lambda: ds.train_test_split(test_size=0.1, seed=123, keep_in_memory=True),
    "loop over rows": loop,
    "save to disk": lambda: ds.save_to_disk(folder + "/saved"),
    "load from disk": lambda: load_from_disk(folder + "/saved"),
    "to Parquet": lambda: ds.to_parquet(folder + "/saved.parquet"),
}

times = {}
for task, run in tasks.items():
    taken = []
    # The slow ones once: their spread is far below the differences.
    for _ in range(runs):
        start = time.perf_counter()
        run()
        taken.append((time.perf_counter() - start) * 1000)
        if taken[-1] > 5000:
            break
    times[task] = sorted(taken)[len(taken) // 2]
shutil.rmtree(folder)
versions = f"Python {sys.version.split()[0]}, datasets {datasets.__version__}, NumPy {numpy.__version__}"
print(json.dumps({"versions": versions, "times": times}))
