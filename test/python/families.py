"""Makes small random models with transformers, saves them, and says what they give.

usage: families.py FOLDER    where FOLDER/jobs.json is a list of
  {"model": folder, "config": the content of a config.json, "dtype": a name, "shard": bytes or null, "ids": rows}
Printed is one JSON list with, for each, the logits, the ids of greedy decoding, the tree of modules, and the counts.
"""
import json
import os
import sys

os.environ.update(HF_HUB_OFFLINE='1', TRANSFORMERS_VERBOSITY='error', HF_HUB_DISABLE_PROGRESS_BARS='1')
import torch
from transformers import AutoConfig, AutoModelForCausalLM

torch.set_num_threads(1)


def made(job):
    torch.manual_seed(1)
    config = AutoConfig.for_model(**job['config'])
    model = AutoModelForCausalLM.from_config(config, attn_implementation='eager')
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() == 1:
                parameter.add_(0.1 * torch.randn(parameter.shape))
    model.to(getattr(torch, job['dtype']))
    model.save_pretrained(job['model'], max_shard_size=job['shard'] or '1GB')
    # Read again: what float16 did to the model's buffers is not in the file.
    model = AutoModelForCausalLM.from_pretrained(job['model'], attn_implementation='eager', dtype=torch.float32)
    model.eval()
    ids = torch.tensor(job['ids'])
    options = dict(max_new_tokens=24, do_sample=False, eos_token_id=None, pad_token_id=0)
    with torch.no_grad():
        logits = model(input_ids=ids).logits
        greedy = model.generate(ids, attention_mask=torch.ones_like(ids), **options)
    return {
        'logits': logits.flatten().tolist(),
        'greedy': greedy.tolist(),
        'tree': str(model),
        'parameters': model.num_parameters(),
        'withoutEmbeddings': model.num_parameters(exclude_embeddings=True),
        'bytes': model.get_memory_footprint(),
    }


with open(os.path.join(sys.argv[1], 'jobs.json')) as file:
    print(json.dumps([made(job) for job in json.load(file)]))
