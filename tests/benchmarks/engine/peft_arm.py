"""Trains a LoRA adapter with PEFT, float32: the reference for trained tokens a second.

As PEFT is used: `model(input_ids, shift_labels=...)`, whose output matrix runs on every position. `labelHead` runs it on
the positions that carry loss alone, which is not what users of PEFT get; it is measured to see what that would buy.
The step is torch's fastest on a CPU: fused AdamW over the LoRA tensors, no attention mask where no row is padded.
"""

import sys
import time

import torch
from peft import LoraConfig, get_peft_model

from arm import serve
from base_model import load_base

LINEARS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
IGNORED = -100


def main():
    torch.manual_seed(0)
    lora = LoraConfig(r=16, lora_alpha=32, lora_dropout=0.0, target_modules=LINEARS, task_type="CAUSAL_LM")
    model = get_peft_model(load_base(sys.argv[1]), lora).train()
    trained = [p for p in model.parameters() if p.requires_grad]
    adam = torch.optim.AdamW(trained, lr=1e-4, weight_decay=0.01, fused=True)
    serve({"train": lambda request: train(model, trained, adam, request)})


def train(model, trained, adam, request):
    rows = sorted(request["rows"], key=lambda row: len(row["tokens"]))
    per_step, batch = request["rowsPerStep"], request["batch"]
    start = time.perf_counter()
    for first in range(0, len(rows), per_step):
        step = rows[first : first + per_step]
        labels = sum(len(row["tokens"]) - row["lossFrom"] for row in step)
        for begin in range(0, len(step), batch):
            loss_of(model, step[begin : begin + batch], labels, request.get("labelHead", False)).backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        adam.step()
        adam.zero_grad(set_to_none=True)
    # The last token of a row predicts nothing that is known: neither side runs it.
    return time.perf_counter() - start, sum(len(row["tokens"]) - 1 for row in rows)


def loss_of(model, rows, labels, label_head):
    """Cross-entropy of the rows' label tokens, summed and divided by the labels of the whole step."""
    length = max(len(row["tokens"]) for row in rows) - 1
    ids = torch.zeros(len(rows), length, dtype=torch.long)
    targets = torch.full((len(rows), length), IGNORED)
    mask = torch.zeros(len(rows), length, dtype=torch.long)
    for index, row in enumerate(rows):
        tokens = torch.tensor(row["tokens"])
        size = len(tokens) - 1
        ids[index, :size] = tokens[:-1]
        mask[index, :size] = 1
        targets[index, row["lossFrom"] - 1 : size] = tokens[row["lossFrom"] :]
    inputs = {"input_ids": ids, "use_cache": False}
    if not bool(mask.all()):
        inputs["attention_mask"] = mask
    if not label_head:
        return model(**inputs, labels=targets, shift_labels=targets, num_items_in_batch=labels).loss
    base = model.get_base_model()
    hidden = base.model(**inputs).last_hidden_state
    chosen = targets != IGNORED
    logits = base.lm_head(hidden[chosen])
    return torch.nn.functional.cross_entropy(logits.float(), targets[chosen], reduction="sum") / labels


main()
