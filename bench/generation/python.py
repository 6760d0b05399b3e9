"""Times greedy decoding with PyTorch and transformers; run.mjs starts it. usage: python.py CONFIG.json PROMPT NEW RUNS THREADS..."""
import json
import logging
import sys
import time

import torch
import transformers

logging.disable(logging.WARNING)
transformers.logging.set_verbosity_error()
config = json.load(open(sys.argv[1]))
prompt, new, runs = (int(x) for x in sys.argv[2:5])
transformers.set_seed(0)
model = transformers.GPTNeoXForCausalLM(transformers.GPTNeoXConfig(**config)).eval()
ids = torch.tensor([[(i * 7919) % 50000 for i in range(prompt)]])


def generate(count):
    with torch.no_grad():
        return model.generate(
            ids, max_new_tokens=count, min_new_tokens=count, do_sample=False, pad_token_id=0
        )


speeds = {}
for threads in (int(x) for x in sys.argv[5:]):
    torch.set_num_threads(threads)
    generate(8)
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        out = generate(new)
        times.append(time.perf_counter() - start)
        assert out.shape[1] == prompt + new
    speeds[threads] = new / sorted(times)[len(times) // 2]
print(json.dumps({"version": f"PyTorch {torch.__version__.split('+')[0]}, transformers {transformers.__version__}", "speeds": speeds}))
