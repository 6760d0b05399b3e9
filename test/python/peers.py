"""Reads with transformers and PEFT what the tests wrote, and writes what they will read.

usage: peers.py FOLDER    where FOLDER/jobs.json is a list of
  {"model": folder, "adapter": folder or null, "task": "CAUSAL_LM" or "SEQ_CLS", "ids": rows, "mask": rows}
      gives the logits of a model, with an adapter beside it
  {..., "adapter": folder, "lora": settings of LoraConfig}
      makes that adapter with random numbers in all that is trained, saves it there, and gives the logits with it
The logits are printed as one JSON list.
"""
import json
import os
import sys

os.environ.update(HF_HUB_OFFLINE='1', TRANSFORMERS_VERBOSITY='error', HF_HUB_DISABLE_PROGRESS_BARS='1')
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification

torch.set_num_threads(1)
CLASSES = {'CAUSAL_LM': AutoModelForCausalLM, 'SEQ_CLS': AutoModelForSequenceClassification}


def logits_of(job):
    model = CLASSES[job['task']].from_pretrained(job['model'], attn_implementation='eager', dtype=torch.float32)
    if job.get('lora') is not None:
        torch.manual_seed(1)
        model = get_peft_model(model, LoraConfig(task_type=job['task'], **job['lora']))
        with torch.no_grad():
            for parameter in model.parameters():
                if parameter.requires_grad:
                    parameter.add_(0.3 * torch.randn(parameter.shape))
        model.save_pretrained(job['adapter'])
    elif job.get('adapter'):
        model = PeftModel.from_pretrained(model, job['adapter'])
    model.eval()
    with torch.no_grad():
        logits = model(input_ids=torch.tensor(job['ids']), attention_mask=torch.tensor(job['mask'])).logits
    return logits.flatten().tolist()


with open(os.path.join(sys.argv[1], 'jobs.json')) as file:
    print(json.dumps([logits_of(job) for job in json.load(file)]))
