import { describe, expect, test } from 'vitest'
import { ggufConfig } from '../../../services/engine/base/gguf-config.ts'
import type { Gguf, GgufValue } from '../../../services/engine/formats/gguf.ts'

/** Only metadata: all that a config is made from, but for the head and the embedding's size. */
function header(entries: Record<string, GgufValue>): Gguf {
  const read = () => {
    throw new Error('no tensors here')
  }
  return { version: 3, metadata: new Map(Object.entries(entries)), tensors: new Map(), read, close: () => undefined }
}

const llama = {
  'general.architecture': 'llama',
  'llama.vocab_size': 128,
  'llama.embedding_length': 64,
  'llama.feed_forward_length': 128,
  'llama.block_count': 2,
  'llama.attention.head_count': 4,
  'llama.attention.layer_norm_rms_epsilon': 1e-5,
  'llama.context_length': 512,
}

describe('config from GGUF metadata', () => {
  test('defaults are the architecture’s: all heads are key heads, theta 10,000, heads share the width', () => {
    expect(ggufConfig(header(llama))).toMatchObject({
      kvHeads: 4,
      ropeTheta: 10000,
      headSize: 16,
      tiedEmbeddings: true,
    })
  })

  test('qwen3 takes its head size from the key length', () => {
    const entries = Object.entries(llama).map(([key, value]) => [key.replace('llama.', 'qwen3.'), value])
    const qwen3 = { ...Object.fromEntries(entries), 'general.architecture': 'qwen3' } as Record<string, GgufValue>
    const lengths = { 'qwen3.attention.key_length': 32, 'qwen3.attention.value_length': 32 }
    expect(ggufConfig(header({ ...qwen3, ...lengths }))).toMatchObject({ family: 'qwen3', headSize: 32, qkNorm: true })
  })

  test.each([
    [{ 'general.architecture': 'mamba' }, 'unsupported architecture "mamba"; supported: llama, qwen2, qwen3'],
    [{ 'llama.rope.scaling.type': 'yarn' }, 'unsupported rope scaling "yarn"'],
    [{ 'split.count': 3 }, 'unsupported split GGUF'],
    [{ 'llama.expert_count': 8 }, 'unsupported mixture of experts'],
    [{ 'llama.attention.key_length': 32, 'llama.attention.value_length': 16 }, 'heads of different sizes'],
    [{ 'llama.attention.head_count_kv': [2, 4] }, 'one number for all layers was expected'],
  ])('%j is refused by name', (entries, message) => {
    expect(() => ggufConfig(header({ ...llama, ...entries }))).toThrow(message)
  })

  test('what is missing is named', () => {
    const { 'llama.block_count': _, ...rest } = llama
    expect(() => ggufConfig(header(rest))).toThrow('the GGUF metadata lack llama.block_count')
  })
})
