"""Makes the golden files of this folder with the reference implementation (torch, transformers, peft, gguf).

Run by hand; README.md says how and what each file holds. Everything is seeded, float32 and on one thread, so a
second run with the same versions changes nothing. Models are tiny and random but badly scaled on purpose (weights of
order one, norms away from 1, biases away from 0): a forgotten norm, bias or scale moves the logits by far more than any
tolerance.
"""

import argparse
import base64
import json
import os
import sys
from importlib.metadata import version
from pathlib import Path

import gguf
import numpy as np
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import save_file
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig, Qwen2Config, Qwen3Config

from strings import CONVERSATIONS, TEMPLATES, make_strings

LINEARS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
OPTIMIZER = {
    "learningRate": 0.01,
    "beta1": 0.9,
    "beta2": 0.999,
    "epsilon": 1e-8,
    "weightDecay": 0.01,
    "clipNorm": 1.0,
    # torch divides by (norm + 1e-6) when it clips.
    "clipEpsilon": 1e-6,
}
ROW_LENGTHS = [12, 7, 10]
LOSS_FROM = [5, 3, 4]
PROMPT_LENGTHS = [2, 5, 9, 5]
NEW_TOKENS = 16
# Row 0 learns by cross-entropy alone, row 2 by distillation alone.
DISTILLATION = {"k": 8, "temperature": 2.0, "weights": [[1.0, 0.0], [0.25, 0.75], [0.0, 1.5]]}
# Two logits closer than this at a greedy step would make the golden tokens a matter of rounding.
MARGIN_MIN = 0.005


class NearTie(Exception):
    pass


shared = dict(
    vocab_size=128, hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
    num_key_value_heads=2, max_position_embeddings=256, rms_norm_eps=1e-5, bos_token_id=0, eos_token_id=2,
    pad_token_id=0,
)
MODELS = {
    "llama-tied": LlamaConfig(**shared, head_dim=8, rope_theta=10000.0, tie_word_embeddings=True),
    "llama3-untied": LlamaConfig(
        **{**shared, "num_attention_heads": 2, "num_key_value_heads": 1}, head_dim=16, tie_word_embeddings=False,
        rope_parameters={
            "rope_type": "llama3", "rope_theta": 10000.0, "factor": 8.0, "low_freq_factor": 1.0,
            "high_freq_factor": 4.0, "original_max_position_embeddings": 64,
        },
    ),
    "qwen2": Qwen2Config(**shared, rope_theta=1000000.0, tie_word_embeddings=True, use_sliding_window=False),
    # Heads wider than hidden / heads, as in the smallest real Qwen3.
    "qwen3": Qwen3Config(
        **{**shared, "num_hidden_layers": 3}, head_dim=16, rope_theta=1000000.0, tie_word_embeddings=False
    ),
}


def main():
    here = Path(__file__).parent
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "palimpsest"
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=here)
    parser.add_argument("--base", type=Path, default=cache / "base" / "SmolLM2-135M-Instruct.Q4_1.gguf")
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    write_dequantize(args.out)
    tokenizer = make_tiny_tokenizer()
    for number, (name, config) in enumerate(MODELS.items()):
        for seed in range(100 * (number + 1), 100 * (number + 2)):
            try:
                write_model(args.out / "models" / name, config, tokenizer, seed)
                break
            except NearTie as tie:
                print(f"{name}, seed {seed}: {tie}; trying the next")
    write_variants(args.out / "models")
    write_tokenizer(args.out / "tokenizer", args.base)
    write_real_base(args.out, args.base)
    packages = ["torch", "transformers", "peft", "safetensors", "tokenizers", "gguf", "numpy"]
    write_json(args.out / "versions.json", {name: version(name) for name in packages}, indent=2)


def write_json(path, value, indent=None):
    path.parent.mkdir(parents=True, exist_ok=True)
    separators = None if indent else (",", ":")
    path.write_text(json.dumps(value, ensure_ascii=True, indent=indent, separators=separators) + "\n")


# --- tiny models -----------------------------------------------------------------------------------------------------


def make_tiny_tokenizer():
    """128 tokens: printable ASCII, newline, four special tokens, and merges learnt from a few lines."""
    text = "the lamp in the harbour is lit at nine and the keeper counts the ships and the lights there"
    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<unk>"]
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = [chr(c) for c in range(33, 127)] + ["\u0120", "\u010a"]
    trainer = trainers.BpeTrainer(
        vocab_size=128, initial_alphabet=alphabet, special_tokens=special, show_progress=False
    )
    tokenizer.train_from_iterator([text], trainer)
    assert tokenizer.get_vocab_size() == 128
    return tokenizer


CHATML = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)


def randomize(model, generator):
    for name, parameter in model.named_parameters():
        noise = torch.randn(parameter.shape, generator=generator)
        with torch.no_grad():
            if name.endswith("norm.weight"):
                parameter.copy_(1 + 0.3 * noise)
            elif name.endswith(".bias"):
                parameter.copy_(0.3 * noise)
            elif "embed_tokens" in name:
                parameter.copy_(0.7 * noise)
            else:
                parameter.copy_(1.3 * noise / parameter.shape[1] ** 0.5)


def write_model(folder, config, tokenizer, seed):
    generator = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    model = AutoModelForCausalLM.from_config(config, dtype=torch.float32, attn_implementation="eager").eval()
    randomize(model, generator)
    model.config._name_or_path = model.name_or_path = folder.name
    model.tie_weights()
    model.save_pretrained(folder)
    write_tokenizer_files(folder, tokenizer)

    vocab = config.vocab_size
    draw = lambda length: torch.randint(4, vocab, (length,), generator=generator).tolist()
    rows = [draw(length) for length in ROW_LENGTHS]
    prompts = [draw(length) for length in PROMPT_LENGTHS]
    score_rows = [{"prompt": draw(6), "answer": draw(n)} for n in (1, 3, 5)]
    tensors, notes = {}, {"rows": rows, "lossFrom": LOSS_FROM, "optimizer": OPTIMIZER}

    base = record_run(model, rows, prompts, score_rows, tensors, "base")
    # The longest prompt plays the document that only the teacher sees.
    teacher = teach(model, rows, prompts[2])
    for name, rank, alpha, targets in [("adapter", 4, 8, LINEARS), ("adapter-qv", 2, 6, ["q_proj", "v_proj"])]:
        lora = LoraConfig(
            r=rank, lora_alpha=alpha, target_modules=targets, lora_dropout=0.0, bias="none", task_type="CAUSAL_LM"
        )
        peft = get_peft_model(model, lora).eval()
        randomize_lora(peft, generator)
        peft.save_pretrained(folder / name, save_embedding_layers=False)
        (folder / name / "README.md").unlink(missing_ok=True)
        run = record_run(peft, rows, prompts, score_rows, tensors, "lora" if name == "adapter" else "qv")
        notes[name] = {"rank": rank, "alpha": alpha, "targets": targets, **run}
        if name == "adapter":
            notes["distillation"] = record_distillation(peft, rows, prompts[2], teacher, tensors)
            notes["steps"] = record_training(peft, rows, tensors)
            model = record_merge(folder, config, rows, tensors)
        else:
            record_gradients(peft, rows, tensors, "gradientQv")
    notes["base"] = base
    notes["prompts"], notes["scoreRows"] = prompts, score_rows
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, folder / "golden.safetensors")
    write_json(folder / "golden.json", notes)


def write_tokenizer_files(folder, tokenizer):
    tokenizer.save(str(folder / "tokenizer.json"))
    settings = {
        "bos_token": None, "eos_token": "<|im_end|>", "pad_token": "<|endoftext|>", "unk_token": "<unk>",
        "clean_up_tokenization_spaces": False, "tokenizer_class": "PreTrainedTokenizerFast", "chat_template": CHATML,
    }
    write_json(folder / "tokenizer_config.json", settings, indent=2)


def randomize_lora(peft, generator):
    for name, parameter in peft.named_parameters():
        if "lora_" in name:
            noise = torch.randn(parameter.shape, generator=generator)
            with torch.no_grad():
                parameter.copy_(noise / parameter.shape[1] ** 0.5 * (0.7 if "lora_A" in name else 0.4))


def padded(rows):
    width = max(len(row) for row in rows)
    ids = torch.tensor([row + [0] * (width - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
    return ids, mask


def record_run(model, rows, prompts, score_rows, tensors, label):
    """Logits of every row, the loss, greedy continuations and scores of one model."""
    ids, mask = padded(rows)
    with torch.no_grad():
        logits = model(input_ids=ids, attention_mask=mask).logits
        for number, row in enumerate(rows):
            alone = model(input_ids=torch.tensor([row])).logits[0]
            assert (alone - logits[number, : len(row)]).abs().max() < 1e-4
            tensors[f"logits.{label}.{number}"] = alone
        loss = masked_loss(model, rows).item()
    return {
        "loss": loss,
        "generations": [greedy(model, prompt) for prompt in prompts],
        "scores": [log_likelihood(model, row["prompt"], row["answer"]) for row in score_rows],
    }


def masked_loss(model, rows):
    """Mean cross-entropy over the tokens rows[r][LOSS_FROM[r]:], each predicted from all before it."""
    ids, mask = padded(rows)
    logits = model(input_ids=ids, attention_mask=mask).logits
    picked = [logits[r, LOSS_FROM[r] - 1 : len(row) - 1] for r, row in enumerate(rows)]
    labels = [ids[r, LOSS_FROM[r] : len(row)] for r, row in enumerate(rows)]
    return torch.nn.functional.cross_entropy(torch.cat(picked), torch.cat(labels))


def greedy(model, prompt):
    """The slow way: a full forward per token."""
    tokens, logprobs, margin = list(prompt), [], float("inf")
    with torch.no_grad():
        for _ in range(NEW_TOKENS):
            logits = model(input_ids=torch.tensor([tokens])).logits[0, -1]
            best = logits.topk(2)
            margin = min(margin, (best.values[0] - best.values[1]).item())
            tokens.append(best.indices[0].item())
            logprobs.append(logits.log_softmax(-1)[tokens[-1]].item())
    if margin < MARGIN_MIN:
        raise NearTie(f"two tokens within {margin:.4f}")
    return {"tokens": tokens[len(prompt) :], "logprobs": logprobs}


def log_likelihood(model, prompt, answer):
    with torch.no_grad():
        logprobs = model(input_ids=torch.tensor([prompt + answer])).logits[0].log_softmax(-1)
    return sum(logprobs[len(prompt) - 1 + i, token].item() for i, token in enumerate(answer))


def lora_parameters(peft):
    """Name in our layout -> parameter."""
    named = [(name, p) for name, p in peft.named_parameters() if "lora_" in name]
    return {name.removeprefix("base_model.model.").removesuffix(".default.weight"): p for name, p in named}


def record_gradients(peft, rows, tensors, label):
    peft.zero_grad()
    masked_loss(peft, rows).backward()
    for name, parameter in lora_parameters(peft).items():
        tensors[f"{label}.{name}"] = parameter.grad.clone()


def label_logits(model, rows, context=()):
    """Logits [labels, vocabulary] that predict rows[r][LOSS_FROM[r]:], one tensor a row."""
    picked = []
    for r, row in enumerate(rows):
        logits = model(input_ids=torch.tensor([[*context, *row]])).logits[0, len(context) :]
        picked.append(logits[LOSS_FROM[r] - 1 : len(row) - 1])
    return picked


def teach(model, rows, document):
    """The k likeliest tokens at each label with the document in context, and their probabilities."""
    with torch.no_grad():
        result = []
        for logits in label_logits(model, rows, document):
            p = (logits / DISTILLATION["temperature"]).softmax(-1)
            ordered = p.log().topk(DISTILLATION["k"] + 1).values
            assert (ordered[:, :-1] - ordered[:, 1:]).min() > 1e-4, "a near tie would make the order unsure"
            best = p.topk(DISTILLATION["k"])
            result.append({"tokens": best.indices, "probabilities": best.values})
        return result


def tail_divergence(logits, tokens, probabilities):
    """KL of the k known outcomes and the tail, one value a label, by torch's own kl_div on k + 1 outcomes."""
    logprobs = logits.log_softmax(-1)
    tail = logprobs.scatter(1, tokens, float("-inf")).logsumexp(-1, keepdim=True)
    student = torch.cat([logprobs.gather(1, tokens), tail], 1)
    teacher = torch.cat([probabilities, 1 - probabilities.sum(-1, keepdim=True)], 1)
    return torch.nn.functional.kl_div(student, teacher, reduction="none").sum(-1)


def record_distillation(peft, rows, document, teacher, tensors):
    """Loss and gradients of the mixed objective, and how far the adapter stands from the base."""
    temperature = DISTILLATION["temperature"]
    labels = sum(len(row) - start for row, start in zip(rows, LOSS_FROM))
    peft.zero_grad()
    loss = 0
    for r, logits in enumerate(label_logits(peft, rows)):
        hard, soft = DISTILLATION["weights"][r]
        targets = torch.tensor(rows[r][LOSS_FROM[r] :])
        loss = loss + hard * torch.nn.functional.cross_entropy(logits, targets, reduction="sum")
        loss = loss + soft * temperature**2 * tail_divergence(logits / temperature, **teacher[r]).sum()
    loss = loss / labels
    loss.backward()
    for name, parameter in lora_parameters(peft).items():
        tensors[f"gradientSoft.{name}"] = parameter.grad.clone()
    with torch.no_grad():
        adapted = torch.cat(label_logits(peft, rows)).log_softmax(-1)
        with peft.disable_adapter():
            base = torch.cat(label_logits(peft, rows)).log_softmax(-1)
    return {
        **DISTILLATION,
        "document": document,
        "teacher": [{name: value.tolist() for name, value in row.items()} for row in teacher],
        "loss": loss.item(),
        "divergence": (base.exp() * (base - adapted)).sum(-1).mean().item(),
    }


def record_training(peft, rows, tensors):
    """Gradients at the start, then three AdamW steps on the same rows."""
    for name, parameter in peft.named_parameters():
        parameter.requires_grad_("lora_" in name)
    record_gradients(peft, rows, tensors, "gradient")
    parameters = lora_parameters(peft)
    optimizer = torch.optim.AdamW(
        parameters.values(), lr=OPTIMIZER["learningRate"], betas=(OPTIMIZER["beta1"], OPTIMIZER["beta2"]),
        eps=OPTIMIZER["epsilon"], weight_decay=OPTIMIZER["weightDecay"],
    )
    steps = []
    for step in (1, 2, 3):
        optimizer.zero_grad()
        loss = masked_loss(peft, rows)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(parameters.values(), OPTIMIZER["clipNorm"])
        optimizer.step()
        steps.append({"loss": loss.item(), "gradientNorm": norm.item()})
        for name, parameter in parameters.items():
            tensors[f"step{step}.{name}"] = parameter.detach().clone()
    assert steps[0]["gradientNorm"] > OPTIMIZER["clipNorm"], "clipping must bite to be tested"
    return steps


def record_merge(folder, config, rows, tensors):
    """Merges the saved adapter into a fresh base, checks it against the adapter's logits, returns a fresh base."""
    def fresh():
        base = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager")
        # PEFT writes it into adapter_config.json.
        base.config._name_or_path = base.name_or_path = folder.name
        return base

    merged = PeftModel.from_pretrained(fresh(), folder / "adapter").merge_and_unload().eval()
    with torch.no_grad():
        for number, row in enumerate(rows):
            difference = merged(input_ids=torch.tensor([row])).logits[0] - tensors[f"logits.lora.{number}"]
            assert difference.abs().max() < 1e-3
    for name, parameter in merged.named_parameters():
        if name.startswith("model.layers.0.") and name.endswith("_proj.weight"):
            tensors[f"merged.{name}"] = parameter.detach().clone()
    return fresh().eval()


# --- the same weights in other files -----------------------------------------------------------------------------------


def write_variants(folder):
    """llama-tied in bf16 shards; llama3-untied as GGUF as llama.cpp's converter writes it."""
    model = AutoModelForCausalLM.from_pretrained(folder / "llama-tied", dtype=torch.bfloat16)
    model.save_pretrained(folder / "llama-tied-bf16", max_shard_size="30KB")
    for name in ("tokenizer.json", "tokenizer_config.json"):
        (folder / "llama-tied-bf16" / name).write_bytes((folder / "llama-tied" / name).read_bytes())
    write_gguf(folder / "llama3-untied", folder / "llama3-untied.Q8_0.gguf")


def write_gguf(source, path):
    model = AutoModelForCausalLM.from_pretrained(source, dtype=torch.float32)
    config = model.config
    tokenizer = json.loads((source / "tokenizer.json").read_text())
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_block_count(config.num_hidden_layers)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_freq_base(config.rope_parameters["rope_theta"])
    writer.add_rope_dimension_count(config.head_dim)
    writer.add_vocab_size(config.vocab_size)
    vocab = sorted(tokenizer["model"]["vocab"].items(), key=lambda item: item[1])
    special = {token["id"] for token in tokenizer["added_tokens"]}
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list([token for token, _ in vocab])
    writer.add_token_types([3 if id in special else 1 for _, id in vocab])
    writer.add_token_merges([" ".join(merge) for merge in tokenizer["model"]["merges"]])
    writer.add_eos_token_id(2)
    writer.add_pad_token_id(0)
    writer.add_chat_template(CHATML)
    plain = 1.0 / 10000.0 ** (torch.arange(0, config.head_dim, 2).float() / config.head_dim)
    writer.add_tensor("rope_freqs.weight", (plain / model.model.rotary_emb.inv_freq).numpy().astype(np.float32))
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, config.num_hidden_layers)
    heads = {"q_proj": config.num_attention_heads, "k_proj": config.num_key_value_heads}
    for name, parameter in model.state_dict().items():
        data = parameter.numpy()
        for module, count in heads.items():
            if module in name:
                data = data.reshape(count, 2, -1, data.shape[1]).swapaxes(1, 2).reshape(data.shape)
        file_name = names.get_name(name, try_suffixes=(".weight",))
        if data.ndim == 1:
            writer.add_tensor(file_name, data)
        else:
            blocks = gguf.quantize(np.ascontiguousarray(data), gguf.GGMLQuantizationType.Q8_0)
            writer.add_tensor(file_name, blocks, raw_dtype=gguf.GGMLQuantizationType.Q8_0)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


# --- dequantisation ----------------------------------------------------------------------------------------------------


def write_dequantize(folder):
    """Random blocks of every format; only the half-precision scales are kept finite and small."""
    random = np.random.default_rng(7)
    scale_bytes = {
        "Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0], "Q4_K": [0, 2], "Q5_K": [0, 2],
        "Q6_K": [208],
    }
    result = {}
    for name in ["F32", "F16", "BF16", *scale_bytes]:
        type = gguf.GGMLQuantizationType[name]
        values, size = gguf.GGML_QUANT_SIZES[type]
        count = 64 if values == 1 else 512 // values
        data = random.integers(0, 256, (count, size), dtype=np.uint8)
        if name == "F32":
            data = random.standard_normal(count).astype(np.float32).view(np.uint8).reshape(count, size)
        if name in ("F16", "BF16"):
            # Any bits but those of infinities and NaNs.
            data[:, 1] &= 0xBF
        for at in scale_bytes.get(name, []):
            data[:, at : at + 2] = random.normal(0, 0.1, count).astype(np.float16).view(np.uint8).reshape(count, 2)
        floats = gguf.dequantize(data.reshape(1, -1), type).astype(np.float32).reshape(-1)
        text = lambda array: base64.b64encode(array.tobytes()).decode()
        result[name] = {"type": int(type), "count": len(floats), "bytes": text(data), "values": text(floats)}
    write_json(folder / "dequantize.json", result)


# --- tokenizer and chat template ---------------------------------------------------------------------------------------

LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def write_tokenizer(folder, base):
    """Ids by the Rust tokenizers under the pre-tokenizers of the supported families, all with SmolLM2's vocabulary."""
    reference = AutoTokenizer.from_pretrained(base.parent, gguf_file=base.name)
    strings = make_strings()
    write_json(folder / "strings.json", strings)
    split = lambda pattern: pre_tokenizers.Split(Regex(pattern), "isolated")
    bytes_only = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    variants = {
        # As transformers reads the file (it does not look at the pre-tokenizer's name).
        "gpt-2": (None, reference.backend_tokenizer.pre_tokenizer, False),
        # As in SmolLM2's published tokenizer.json.
        "smollm": (
            None,
            pre_tokenizers.Sequence([
                pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False),
            ]),
            False,
        ),
        "llama-bpe": (None, pre_tokenizers.Sequence([split(LLAMA3), bytes_only]), True),
        "qwen2": (normalizers.NFC(), pre_tokenizers.Sequence([split(LLAMA3.replace("{1,3}", "")), bytes_only]), False),
    }
    for name, (normalizer, pre_tokenizer, ignore_merges) in variants.items():
        tokenizer = Tokenizer.from_str(reference.backend_tokenizer.to_str())
        tokenizer.normalizer = normalizer
        tokenizer.pre_tokenizer = pre_tokenizer
        tokenizer.model.ignore_merges = ignore_merges
        ids = [tokenizer.encode(text, add_special_tokens=False).ids for text in strings]
        result = {"ids": ids}
        if name == "smollm":
            result["decoded"] = {
                "keepSpecial": [tokenizer.decode(row, skip_special_tokens=False) for row in ids[:200]],
                "skipSpecial": [tokenizer.decode(row, skip_special_tokens=True) for row in ids[:200]],
            }
        write_json(folder / f"{name}.json", result)
    write_templates(folder, reference)


def write_templates(folder, reference):
    renders = []
    for name, template in {"smollm2": reference.chat_template, **TEMPLATES}.items():
        for messages in CONVERSATIONS:
            for prompt in (False, True):
                text = reference.apply_chat_template(
                    messages, chat_template=template, tokenize=False, add_generation_prompt=prompt
                )
                renders.append({
                    "template": name, "messages": messages, "addGenerationPrompt": prompt, "text": text,
                })
    tokens = {"bos": reference.bos_token, "eos": reference.eos_token}
    write_json(folder / "templates.json", {"templates": TEMPLATES, "tokens": tokens, "renders": renders})


# --- the real base -----------------------------------------------------------------------------------------------------

PROMPTS = [
    "The capital of France is",
    "<|im_start|>user\nWhat is a palimpsest?<|im_end|>\n<|im_start|>assistant\n",
    "def fibonacci(n):\n    if n < 2:\n        return n\n    return",
]
TEXT = (
    "A palimpsest is a manuscript page from which the text has been scraped or washed off so that the page can be "
    "reused. In 1906 Johan Heiberg recognised a work of Archimedes under the prayers of a thirteenth-century book."
)


def write_real_base(folder, base):
    tokenizer = Tokenizer.from_str(
        AutoTokenizer.from_pretrained(base.parent, gguf_file=base.name).backend_tokenizer.to_str()
    )
    model = AutoModelForCausalLM.from_pretrained(base.parent, gguf_file=base.name, dtype=torch.float32).eval()
    encode = lambda text: tokenizer.encode(text, add_special_tokens=False).ids
    result = {"prompts": [], "text": TEXT}
    with torch.no_grad():
        for prompt in PROMPTS:
            ids = encode(prompt)
            top = model(input_ids=torch.tensor([ids])).logits[0, -1].topk(10)
            result["prompts"].append(
                {"prompt": prompt, "ids": ids, "top": {"ids": top.indices.tolist(), "logits": top.values.tolist()}}
            )
        ids = torch.tensor(encode(TEXT))
        logits = model(input_ids=ids[None]).logits[0]
        result["textIds"] = ids.tolist()
        result["textLoss"] = torch.nn.functional.cross_entropy(logits[:-1], ids[1:]).item()
    state = model.state_dict()
    # A few weights, read back through transformers: rope rows un-permuted, blocks dequantised.
    names = ["model.embed_tokens.weight", "model.layers.0.self_attn.q_proj.weight",
             "model.layers.7.self_attn.k_proj.weight", "model.layers.29.mlp.down_proj.weight", "model.norm.weight"]
    result["weights"] = {}
    for name in names:
        flat = state[name].flatten()
        at = torch.linspace(0, flat.numel() - 1, 40, dtype=torch.float64).long()
        result["weights"][name] = {"at": at.tolist(), "values": flat[at].tolist(), "shape": list(state[name].shape)}
    write_json(folder / "smollm2-135m.json", result)


if __name__ == "__main__":
    if os.environ.get("PYTHONHASHSEED") != "0":
        # PEFT writes sets; their order must not change from run to run.
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "PYTHONHASHSEED": "0"})
    main()
