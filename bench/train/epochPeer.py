#!/usr/bin/env python3
"""The same epoch as epoch.mjs with the Hugging Face Trainer: epochPeer.py THREADS TOKENS.json
needs torch, transformers and accelerate; prints the seconds that train() took, and those of the processor,
on its last line."""
import json, os, sys, time

os.environ.update(OMP_NUM_THREADS=sys.argv[1], CUDA_VISIBLE_DEVICES='', HF_HUB_OFFLINE='1')
import torch
from transformers import GPTNeoXConfig, GPTNeoXForCausalLM, Trainer, TrainingArguments

torch.set_num_threads(int(sys.argv[1]))
# It cannot take a row without tokens.
rows = [{'input_ids': ids, 'attention_mask': [1] * len(ids), 'labels': ids} for ids in json.load(open(sys.argv[2])) if ids]
model = GPTNeoXForCausalLM(GPTNeoXConfig(vocab_size=50304, hidden_size=512, num_hidden_layers=6, num_attention_heads=8,
    intermediate_size=2048, max_position_embeddings=2048, rotary_pct=0.25))
arguments = TrainingArguments(output_dir='out', num_train_epochs=1, per_device_train_batch_size=1,
    gradient_accumulation_steps=4, optim='adafactor', learning_rate=1e-5, warmup_steps=1, save_strategy='no',
    report_to=[], use_cpu=True, disable_tqdm=True)
collate = lambda batch: {name: torch.tensor([row[name] for row in batch]) for name in batch[0]}
trainer = Trainer(model=model, args=arguments, train_dataset=rows, data_collator=collate)
started, processor = time.time(), time.process_time()
trainer.train()
print(time.time() - started, time.process_time() - processor)
