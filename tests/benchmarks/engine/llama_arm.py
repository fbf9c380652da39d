"""llama.cpp through llama-cpp-python: prefill, and greedy decoding of one sequence.

Its C functions are called directly and the next token is a numpy argmax, because the package's own sampler chain would
cost a tenth of the time. The F32 and F16 files are made from the given GGUF by llama.cpp's own quantiser.
"""

import ctypes
import os
import sys
import time

import llama_cpp
import numpy as np

from arm import serve

THREADS = 2
FILE_TYPES = {"F32": llama_cpp.LLAMA_FTYPE_ALL_F32, "F16": llama_cpp.LLAMA_FTYPE_MOSTLY_F16}
CONTEXT = 1024
PROMPT_MAX = 512


def main():
    base, precision, folder = sys.argv[1:4]
    model = llama_cpp.Llama(
        model_path=base if precision == "as-shipped" else converted(base, precision, folder),
        n_ctx=CONTEXT, n_batch=PROMPT_MAX, n_ubatch=PROMPT_MAX, n_threads=THREADS, n_threads_batch=THREADS,
        use_mlock=False, verbose=False,
    )
    serve({"prefill": lambda request: prefill(model, request), "decode": lambda request: decode(model, request)})


def converted(base, precision, folder):
    name = os.path.basename(base).removesuffix(".gguf").rsplit(".", 1)[0]
    path = os.path.join(folder, f"{name}.{precision}.gguf")
    if os.path.exists(path):
        return path
    os.makedirs(folder, exist_ok=True)
    params = llama_cpp.llama_model_quantize_default_params()
    params.ftype = FILE_TYPES[precision]
    params.allow_requantize = True
    params.nthread = THREADS
    unfinished = f"{path}.{os.getpid()}"
    if llama_cpp.llama_model_quantize(base.encode(), unfinished.encode(), ctypes.byref(params)) != 0:
        raise RuntimeError(f"{base} could not be converted to {precision}")
    os.replace(unfinished, path)
    return path


def evaluate(model, tokens):
    """Runs the tokens and returns the likeliest next one; only the last position's logits are made."""
    array = (llama_cpp.llama_token * len(tokens))(*tokens)
    context = model._ctx.ctx
    if llama_cpp.llama_decode(context, llama_cpp.llama_batch_get_one(array, len(tokens))) != 0:
        raise RuntimeError("llama_decode failed")
    logits = np.ctypeslib.as_array(llama_cpp.llama_get_logits_ith(context, -1), shape=(model.n_vocab(),))
    return int(logits.argmax())


def clear(model):
    llama_cpp.llama_memory_clear(llama_cpp.llama_get_memory(model._ctx.ctx), True)


def prefill(model, request):
    """Every prompt by itself, from an empty cache."""
    seconds = 0.0
    for prompt in request["prompts"]:
        clear(model)
        start = time.perf_counter()
        evaluate(model, prompt)
        seconds += time.perf_counter() - start
    return seconds, sum(len(prompt) for prompt in request["prompts"])


def decode(model, request):
    (prompt,) = request["prompts"]
    clear(model)
    token = evaluate(model, prompt)
    start = time.perf_counter()
    for _ in range(request["tokens"] - 1):
        token = evaluate(model, [token])
    return time.perf_counter() - start, request["tokens"] - 1


main()
