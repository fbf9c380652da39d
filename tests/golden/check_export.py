"""transformers, PEFT and llama.cpp load what `palimpsest export` wrote and compute the golden numbers with it.

Called by `npm run check:export`, which makes the folder: bases/NAME for each tiny base and, as bases/smollm2-135m, the
embedded one, all in float32, and adapters/ with two adapters of a version of llama-tied, the second at half its strength.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

import torch
from peft import PeftModel
from peft.tuners.lora import LoraLayer
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer
from transformers.utils.logging import disable_progress_bar

HERE = Path(__file__).parent
EMBEDDED = "smollm2-135m"
# Equal weights in the same program; float32 sums of logits of order ten, grouped as threads happen to.
WORST = 1e-4


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--llama-cpp", type=Path, help="a checkout, for its convert_*_to_gguf.py")
    args = parser.parse_args()
    torch.set_num_threads(2)
    disable_progress_bar()
    bases, adapters = args.folder / "bases", args.folder / "adapters"
    for name in ["llama-tied", "llama3-untied", "qwen2", "qwen3"]:
        check_logits(name, load(bases / name), read_golden(name), "base")
    check_gguf(bases / "llama3-untied.Q8_0")
    check_adapters(bases / "llama-tied", adapters)
    if (bases / EMBEDDED).exists():
        check_embedded(bases / EMBEDDED)
    if args.llama_cpp:
        check_llama_cpp(args.llama_cpp, bases, adapters, args.folder)


def load(folder, **options):
    options = {"dtype": torch.float32, "attn_implementation": "eager", **options}
    return AutoModelForCausalLM.from_pretrained(folder, **options).eval()


def read_golden(name):
    folder = HERE / "models" / name
    return json.loads((folder / "golden.json").read_text())["rows"], load_file(folder / "golden.safetensors")


def logits_of(model, row):
    with torch.no_grad():
        return model(input_ids=torch.tensor([row])).logits[0]


def report(what, worst, most=WORST):
    print(f"{what}: largest difference {worst:.1e}")
    assert worst <= most, f"{what}: more than {most}"


def check_logits(name, model, golden, label):
    rows, tensors = golden
    worst = max((logits_of(model, row) - tensors[f"logits.{label}.{i}"]).abs().max().item() for i, row in enumerate(rows))
    report(f"{name} in transformers, logits", worst)


def check_gguf(folder):
    """The weights as transformers reads them from the GGUF file; config and tokens as in the folder it was made from.

    (transformers leaves the file's rope_freqs.weight unread, so its config is not taken.)
    """
    model, reference = load(folder), load(HERE / "models/llama3-untied")
    reference.load_state_dict(load(HERE / "models", gguf_file=folder.name + ".gguf").state_dict())
    rows, _ = read_golden("llama3-untied")
    worst = max((logits_of(model, row) - logits_of(reference, row)).abs().max().item() for row in rows)
    report(f"{folder.name} from GGUF in transformers, logits", worst)
    tokenizer, wanted = AutoTokenizer.from_pretrained(folder), AutoTokenizer.from_pretrained(HERE / "models/llama3-untied")
    texts = [chr(a) + " " + chr(b) + "the lamp" for a in range(33, 127, 3) for b in range(33, 127, 5)]
    assert all(tokenizer(text).input_ids == wanted(text).input_ids for text in texts)
    print(f"{folder.name} from GGUF: ids of {len(texts)} texts equal those of the folder it was converted from")


def check_adapters(base, adapters):
    rows, tensors = read_golden("llama-tied")
    manifest = json.loads((adapters / "manifest.json").read_text())
    assert [adapter["scale"] for adapter in manifest["adapters"]] == [1, 0.5]
    for adapter in manifest["adapters"]:
        model = PeftModel.from_pretrained(load(base), adapters / adapter["folder"]).eval()
        reference = PeftModel.from_pretrained(load(HERE / "models/llama-tied"), HERE / "models/llama-tied/adapter").eval()
        for module in reference.modules():
            if isinstance(module, LoraLayer):
                module.scaling = {name: scale * adapter["scale"] for name, scale in module.scaling.items()}
        worst = max((logits_of(model, row) - logits_of(reference, row)).abs().max().item() for row in rows)
        report(f"an adapter of scale {adapter['scale']} in PEFT, logits", worst)
        if adapter["scale"] == 1:
            check_logits("the same against the golden file", model, (rows, tensors), "lora")


def check_embedded(folder):
    strings = json.loads((HERE / "tokenizer/strings.json").read_text())
    wanted = json.loads((HERE / "tokenizer/smollm.json").read_text())["ids"]
    tokenizer = AutoTokenizer.from_pretrained(folder)
    wrong = [text for text, ids in zip(strings, wanted, strict=True) if tokenizer(text).input_ids != ids]
    assert wrong == [], wrong[:3]
    print(f"{EMBEDDED}: ids of {len(strings)} strings equal those of the published tokenizer")
    renders = json.loads((HERE / "tokenizer/templates.json").read_text())["renders"]
    own = [render for render in renders if render["template"] == "smollm2"]
    for render in own:
        text = tokenizer.apply_chat_template(
            render["messages"], tokenize=False, add_generation_prompt=render["addGenerationPrompt"]
        )
        assert text == render["text"], render
    print(f"{EMBEDDED}: {len(own)} renders of the chat template equal")
    model, golden = load(folder), json.loads((HERE / "smollm2-135m.json").read_text())
    worst = 0.0
    for prompt in golden["prompts"]:
        last = logits_of(model, prompt["ids"])[-1]
        worst = max(worst, (last[prompt["top"]["ids"]] - torch.tensor(prompt["top"]["logits"])).abs().max().item())
    report(f"{EMBEDDED} in transformers, ten highest logits of {len(golden['prompts'])} prompts", worst, 1e-3)


def check_llama_cpp(checkout, bases, adapters, folder):
    """llama.cpp's own scripts convert base and adapter; where its library is installed it computes with them."""
    manifest = json.loads((adapters / "manifest.json").read_text())
    convert(checkout, "lora", adapters / manifest["adapters"][1]["folder"], folder / "adapter.gguf", "--base", bases / "llama-tied")
    if not (bases / EMBEDDED).exists():
        return
    gguf = folder / f"{EMBEDDED}.gguf"
    convert(checkout, "hf", bases / EMBEDDED, gguf)
    import llama_cpp

    llama = llama_cpp.Llama(str(gguf), n_ctx=256, n_threads=2, logits_all=True, verbose=False)
    golden = json.loads((HERE / "smollm2-135m.json").read_text())
    worst = 0.0
    for prompt in golden["prompts"]:
        assert llama.tokenize(prompt["prompt"].encode(), add_bos=False, special=True) == prompt["ids"]
        llama.reset()
        llama.eval(prompt["ids"])
        last = torch.tensor(llama.scores[len(prompt["ids"]) - 1])
        worst = max(worst, (last[prompt["top"]["ids"]] - torch.tensor(prompt["top"]["logits"])).abs().max().item())
    # Another program: its kernels round activations to half precision on the way.
    report(f"{EMBEDDED} in llama.cpp, ten highest logits of {len(golden['prompts'])} prompts", worst, 0.1)


def convert(checkout, kind, source, target, *options):
    script = checkout / f"convert_{kind}_to_gguf.py"
    command = [sys.executable, script, source, "--outfile", target, "--outtype", "f32", *options]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    print(f"{script.name} took {source.name}: {target.stat().st_size} bytes")


if __name__ == "__main__":
    main()
