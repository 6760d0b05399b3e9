#!/usr/bin/env python3
"""The same training steps as step.mjs in PyTorch, for runs in one sitting: peer.py THREADS STEPS
needs torch and transformers; prints one Markdown row for each shape of batch. Texts of one length are one batch;
others are accumulated, as the Hugging Face Trainer does."""
import os, resource, sys, time

threads, steps = int(sys.argv[1]), int(sys.argv[2])
os.environ['OMP_NUM_THREADS'] = str(threads)
import torch
from transformers import GPTNeoXConfig, GPTNeoXForCausalLM
from transformers.optimization import Adafactor

torch.set_num_threads(threads)
torch.manual_seed(0)
VOCABULARY, WARM_UP = 50304, 2
model = GPTNeoXForCausalLM(GPTNeoXConfig(vocab_size=VOCABULARY, hidden_size=512, num_hidden_layers=6, num_attention_heads=8,
    intermediate_size=2048, max_position_embeddings=2048, rotary_pct=0.25)).train()
optimizer = Adafactor(model.parameters(), lr=1e-5, relative_step=False, scale_parameter=False)

for name, shapes in {'1 × 256': [(1, 256)], '4 × 128': [(4, 128)],
                     '4 texts, 288 tokens': [(1, 86), (1, 61), (1, 94), (1, 47)]}.items():
    batches = [torch.randint(0, VOCABULARY, shape) for shape in shapes]
    times = []
    for _ in range(WARM_UP + steps):
        started = time.perf_counter()
        for batch in batches:
            (model(input_ids=batch, labels=batch).loss / len(batches)).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        times.append(time.perf_counter() - started)
    typical = sorted(times[WARM_UP:])[steps // 2]
    tokens = sum(rows * length for rows, length in shapes)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 * 1.048576
    print(f'| {name} | {threads} | {typical * 1000:.0f} ms | {tokens / typical:.0f} | – | {memory:.0f} MB |', flush=True)
