"""PEFT loads adapters that we wrote and computes the golden logits with them. Run by hand (README.md)."""

import json
import subprocess
import tempfile
from pathlib import Path

import torch
from peft import PeftModel
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

HERE = Path(__file__).parent
LABELS = {"adapter": "lora", "adapter-qv": "qv"}


def main():
    for name in ["llama-tied", "llama3-untied", "qwen2", "qwen3"]:
        base = HERE / "models" / name
        rows = json.loads((base / "golden.json").read_text())["rows"]
        golden = load_file(base / "golden.safetensors")
        for adapter, label in LABELS.items():
            with tempfile.TemporaryDirectory() as ours:
                script = HERE / "write-adapter.ts"
                subprocess.run(["npx", "tsx", script, base, base / adapter, ours], check=True, cwd=HERE)
                model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32, attn_implementation="eager")
                peft = PeftModel.from_pretrained(model, ours).eval()
                worst = max(difference(peft, row, golden[f"logits.{label}.{i}"]) for i, row in enumerate(rows))
            print(f"{name} {adapter}: largest difference of a logit {worst:.1e}")
            # Equal weights in the same program; float32 sums of logits of order ten, grouped as threads happen to.
            assert worst < 1e-4


def difference(model, row, wanted):
    with torch.no_grad():
        return (model(input_ids=torch.tensor([row])).logits[0] - wanted).abs().max().item()


if __name__ == "__main__":
    main()
