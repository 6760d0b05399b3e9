"""Times Python's tokenizers on the rows that run.mjs gives it, and prints the medians in milliseconds as JSON.

    python3 python.py TOKENIZER.json TEXTS.json RUNS
"""

import json
import statistics
import sys
import time

import tokenizers

tokenizer_file, texts_file, runs = sys.argv[1], sys.argv[2], int(sys.argv[3])
with open(texts_file, encoding="utf-8") as file:
    texts = json.load(file)


def median(task):
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        task()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds) * 1000


def padded():
    tokenizer.enable_truncation(256)
    tokenizer.enable_padding(pad_id=0)
    rows = [(row.ids, row.attention_mask) for row in tokenizer.encode_batch(texts)]
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return rows


times = {"load": median(lambda: tokenizers.Tokenizer.from_file(tokenizer_file))}
tokenizer = tokenizers.Tokenizer.from_file(tokenizer_file)
rows = [row.ids for row in tokenizer.encode_batch(texts)]
times["ids"] = median(lambda: [row.ids for row in tokenizer.encode_batch(texts)])
times["call"] = median(lambda: [(row.ids, row.attention_mask) for row in tokenizer.encode_batch(texts)])
times["padded"] = median(padded)
times["offsets"] = median(lambda: [(row.ids, row.offsets) for row in tokenizer.encode_batch(texts)])
times["one"] = median(lambda: [tokenizer.encode(text).ids for text in texts])
times["decode"] = median(lambda: tokenizer.decode_batch(rows))
print(json.dumps({"version": tokenizers.__version__, "tokens": sum(map(len, rows)), "times": times}))
