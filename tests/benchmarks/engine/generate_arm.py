"""Greedy generation by Hugging Face's `generate`, float32, with its key-value cache."""

import sys
import time

import torch

from arm import serve
from base_model import load_base


class Clock:
    """A streamer that notes when each token came. It is first handed the prompt."""

    def __init__(self):
        self.times = []

    def put(self, _tokens):
        self.times.append(time.perf_counter())

    def end(self):
        pass


def main():
    model = load_base(sys.argv[1])
    serve({"decode": lambda request: decode(model, request)})


@torch.inference_mode()
def decode(model, request):
    """Prompts are of one length, so nothing is padded. The first token belongs to the prefill and is not counted."""
    ids = torch.tensor(request["prompts"])
    clock = Clock()
    count = request["tokens"]
    out = model.generate(
        ids, attention_mask=torch.ones_like(ids), do_sample=False, max_new_tokens=count, streamer=clock
    )
    assert out.shape[1] == ids.shape[1] + count, "generation ended early"
    _, first, *rest = clock.times
    return rest[-1] - first, len(rest) * len(ids)


main()
