"""The base as transformers loads it from the GGUF file: the same weights as ours, in float32."""

import os

import torch
from transformers import AutoModelForCausalLM

THREADS = 2


def load_base(path):
    torch.set_num_threads(THREADS)
    folder, name = os.path.split(os.path.abspath(path))
    model = AutoModelForCausalLM.from_pretrained(folder, gguf_file=name, dtype=torch.float32)
    # Every round writes the same number of tokens, whatever the model would like to end with.
    model.generation_config.eos_token_id = None
    model.generation_config.pad_token_id = 0
    return model.eval()
