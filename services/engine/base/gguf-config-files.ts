// What a GGUF file says in its metadata, as the files that stand beside the weights in a folder of Hugging Face's layout.
// Rope is written by the fields from before transformers 5, which later versions, vLLM and llama.cpp's converter read too.
import type { GgufValue } from '../formats/gguf.ts'
import { findGgufToken, readGgufTokenizer } from '../tokenizer/gguf-tokenizer.ts'
import type { Tokenizer } from '../tokenizer/tokenizer.ts'
import type { Family, ModelConfig } from './model-config.ts'

const ARCHITECTURES: Record<Family, string> = {
  llama: 'LlamaForCausalLM',
  qwen2: 'Qwen2ForCausalLM',
  qwen3: 'Qwen3ForCausalLM',
}

/** By file name. Throws as the tokenizer's reader does. */
export function ggufConfigFiles(
  metadata: ReadonlyMap<string, GgufValue>,
  config: ModelConfig,
  tokenizer: Tokenizer,
): Map<string, string> {
  const { definition, ids } = readGgufTokenizer(metadata)
  const specials = { bos_token_id: ids.bos, eos_token_id: ids.ends[0] ?? null, pad_token_id: ids.pad }
  const files = {
    'config.json': { ...formatConfig(config), ...specials },
    'generation_config.json': { ...specials, eos_token_id: tokenizer.endIds },
    'tokenizer.json': { version: '1.0', truncation: null, padding: null, ...definition },
    'tokenizer_config.json': {
      // Takes tokenizer.json as it is; the classes of single models bring parts of their own.
      tokenizer_class: 'PreTrainedTokenizerFast',
      bos_token: findGgufToken(metadata, 'bos') || null,
      eos_token: findGgufToken(metadata, 'eos') || null,
      pad_token: findGgufToken(metadata, 'padding') || null,
      unk_token: findGgufToken(metadata, 'unknown') || null,
      add_bos_token: definition.post_processor !== null,
      clean_up_tokenization_spaces: false,
      model_max_length: config.positionsMax,
      chat_template: metadata.get('tokenizer.chat_template') ?? null,
    },
  }
  return new Map(Object.entries(files).map(([name, json]) => [name, `${JSON.stringify(json, null, 2)}\n`]))
}

function formatConfig(config: ModelConfig): Record<string, unknown> {
  const { family, ropeScaling: scaling } = config
  return {
    architectures: [ARCHITECTURES[family]],
    model_type: family,
    vocab_size: config.vocabSize,
    hidden_size: config.hiddenSize,
    intermediate_size: config.mlpSize,
    num_hidden_layers: config.layers,
    num_attention_heads: config.heads,
    num_key_value_heads: config.kvHeads,
    head_dim: config.headSize,
    hidden_act: 'silu',
    rms_norm_eps: config.normEpsilon,
    rope_theta: config.ropeTheta,
    rope_scaling: scaling && {
      rope_type: 'llama3',
      factor: scaling.factor,
      low_freq_factor: scaling.lowFreqFactor,
      high_freq_factor: scaling.highFreqFactor,
      original_max_position_embeddings: scaling.originalPositions,
    },
    max_position_embeddings: config.positionsMax,
    tie_word_embeddings: config.tiedEmbeddings,
    ...(family === 'qwen2' ? {} : { attention_bias: false }),
    ...(family === 'llama' ? { mlp_bias: false } : { use_sliding_window: false }),
  }
}
