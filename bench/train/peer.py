#!/usr/bin/env python3
"""The same training steps as step.mjs in PyTorch, which starts this: peer.py DEVICE THREADS STEPS NAME CONFIG SHAPES
needs torch and transformers; prints one Markdown row for each shape of batch. Texts of one length are one batch;
others are accumulated, as the Hugging Face Trainer does. Beside webgpu it runs on the GPU if torch finds one, in
float32 (without TF32) and in bfloat16 autocast, and its memory is the GPU's."""
import json, os, resource, sys, time
from contextlib import nullcontext

device, threads, steps, name = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
config, shapes = json.loads(sys.argv[5]), json.loads(sys.argv[6])
os.environ['OMP_NUM_THREADS'] = str(threads)
import torch
from transformers import GPTNeoXConfig, GPTNeoXForCausalLM
from transformers.optimization import Adafactor

torch.set_num_threads(threads)
torch.manual_seed(0)
WARM_UP = 2
gpu = next((kind for kind in ('cuda', 'mps') if device == 'webgpu' and getattr(torch, kind).is_available()), None)
place = gpu or 'cpu'
synchronize = getattr(torch, gpu).synchronize if gpu else lambda: None
config.pop('model_type')
model = GPTNeoXForCausalLM(GPTNeoXConfig(**config)).to(place).train()
optimizer = Adafactor(model.parameters(), lr=1e-5, relative_step=False, scale_parameter=False)


def memory():
    if gpu == 'cuda':
        return torch.cuda.max_memory_allocated() / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 * 1.048576


for precision in ('float32', 'bfloat16') if gpu else ('float32',):
    for batch_name, lengths in shapes.items():
        alike = len(set(lengths)) == 1
        batches = [(len(lengths), lengths[0])] if alike else [(1, length) for length in lengths]
        batches = [torch.randint(0, config['vocab_size'], shape, device=place) for shape in batches]
        times, processor = [], []
        for _ in range(WARM_UP + steps):
            synchronize()
            started, processor_started = time.perf_counter(), time.process_time()
            for batch in batches:
                with torch.autocast(place, torch.bfloat16) if precision == 'bfloat16' else nullcontext():
                    loss = model(input_ids=batch, labels=batch).loss
                (loss / len(batches)).backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            synchronize()
            times.append(time.perf_counter() - started)
            processor.append(time.process_time() - processor_started)
        typical, processor = (sorted(values[WARM_UP:])[steps // 2] for values in (times, processor))
        print(f'| {name} | {batch_name} | PyTorch, {place}, {precision} | {threads} | {typical * 1000:.0f} ms '
              f'| {processor * 1000:.0f} ms | {sum(lengths) / typical:.0f} | – | {memory():.0f} MB |', flush=True)
