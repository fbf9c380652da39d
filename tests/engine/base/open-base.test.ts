import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openBase } from '../../../services/engine/base/open-base.ts'
import { requiredTensors } from '../../../services/engine/base/model-config.ts'
import { openSafetensors, writeSafetensors } from '../../../services/engine/formats/safetensors.ts'
import { goldenPath, readGolden } from '../golden-files.ts'
import { hasRealBase, REAL_BASE } from '../real-base.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'base-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** A copy of a tiny base whose config.json is changed. */
function copyBase(name: string, changes: Record<string, unknown> = {}): string {
  const target = join(folder, name)
  cpSync(goldenPath('models', name), target, { recursive: true })
  const path = join(target, 'config.json')
  const config = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
  writeFileSync(path, JSON.stringify({ ...config, ...changes }))
  return target
}

describe('a safetensors folder', () => {
  const shape = { vocabSize: 128, hiddenSize: 32, mlpSize: 64, layers: 2, heads: 4, kvHeads: 2, headSize: 8 }
  const plain = { ropeTheta: 10000, ropeScaling: null, tiedEmbeddings: true, attentionBias: false, qkNorm: false }
  const llama3 = { factor: 8, lowFreqFactor: 1, highFreqFactor: 4, originalPositions: 64 }
  test.each([
    ['llama-tied', { family: 'llama', ...shape, ...plain }],
    [
      'llama3-untied',
      { ...shape, ...plain, heads: 2, kvHeads: 1, headSize: 16, ropeScaling: llama3, tiedEmbeddings: false },
    ],
    ['qwen2', { family: 'qwen2', ...shape, ...plain, ropeTheta: 1e6, attentionBias: true }],
    ['qwen3', { ...shape, ...plain, layers: 3, headSize: 16, ropeTheta: 1e6, tiedEmbeddings: false, qkNorm: true }],
  ])('%s has the shape its config says and every tensor the model needs', async (name, config) => {
    const base = await openBase(goldenPath('models', name))
    expect(base.config).toMatchObject(config)
    expect(base.id).toBe(name)
    expect(base.sha256).toMatch(/^[0-9a-f]{64}$/)
    for (const [tensor, wanted] of requiredTensors(base.config)) {
      expect(base.read(tensor).shape).toEqual(wanted)
      expect(base.shapeOf(tensor)).toEqual(wanted)
    }
    base.close()
  })

  test('bf16 shards hold the same weights, rounded', async () => {
    const whole = await openBase(goldenPath('models', 'llama-tied'))
    const shards = await openBase(goldenPath('models', 'llama-tied-bf16'))
    expect([...shards.tensorNames].sort()).toEqual([...whole.tensorNames].sort())
    for (const name of whole.tensorNames) {
      const exact = whole.read(name).data
      // bf16 keeps 8 bits: half a unit in the last place is 2^-9 of the value.
      shards.read(name).data.forEach((x, i) => expect(Math.abs(x / (exact[i] ?? 0) - 1)).toBeLessThanOrEqual(2 ** -8))
    }
    whole.close()
    shards.close()
  })

  test('everything missing, misshapen or unknown is reported in one error', async () => {
    const target = copyBase('llama-tied')
    const file = openSafetensors(join(target, 'model.safetensors'))
    const tensors = new Map([...file.tensors.keys()].map((name) => [name, file.read(name)]))
    file.close()
    tensors.delete('model.norm.weight')
    tensors.delete('model.layers.1.mlp.up_proj.weight')
    tensors.set('model.layers.0.self_attn.k_proj.weight', { shape: [32, 16], data: new Float32Array(512) })
    tensors.set('model.layers.0.self_attn.q_proj.bias', { shape: [32], data: new Float32Array(32) })
    writeFileSync(join(target, 'model.safetensors'), writeSafetensors(tensors))
    await expect(openBase(target)).rejects.toThrow(
      [
        'cannot be used as a base:',
        'model.layers.0.self_attn.k_proj.weight is [32, 16], should be [16, 32]',
        'model.layers.1.mlp.up_proj.weight [64, 32] is missing',
        'model.norm.weight [32] is missing',
        'model.layers.0.self_attn.q_proj.bias is not part of a llama model',
      ].join('\n  '),
    )
  })

  test.each([
    [{ model_type: 'mamba' }, 'unsupported model type "mamba"; supported: llama, qwen2, qwen3'],
    [{ quantization_config: { quant_method: 'gptq' } }, 'unsupported quantised weights (quantization_config: "gptq")'],
    [{ rope_parameters: { rope_type: 'yarn', factor: 4 } }, 'unsupported rope scaling "yarn"'],
    [{ rope_scaling: { type: 'linear', factor: 2 }, rope_parameters: null }, 'unsupported rope scaling "linear"'],
    [{ hidden_act: 'gelu' }, 'unsupported activation "gelu"'],
    [{ attention_bias: true }, 'unsupported attention_bias in llama'],
    [{ mlp_bias: true }, 'unsupported mlp_bias'],
    [{ layer_types: ['full_attention', 'sliding_attention'] }, 'unsupported layer type "sliding_attention"'],
    [{ partial_rotary_factor: 0.5 }, 'unsupported partial_rotary_factor 0.5'],
    [{ hidden_size: undefined }, 'config.json lacks hidden_size'],
    [{ num_hidden_layers: 'two' }, 'config.json: num_hidden_layers is not a number'],
  ])('%j is refused by name', async (changes, message) => {
    await expect(openBase(copyBase('llama-tied', changes))).rejects.toThrow(message)
  })

  test('a shard that the index lists and the folder lacks is named', async () => {
    const target = copyBase('llama-tied-bf16')
    rmSync(join(target, 'model-00002-of-00002.safetensors'))
    await expect(openBase(target)).rejects.toThrow('lacks shards listed by its index: model-00002-of-00002.safetensors')
  })

  test('the hash tells weights apart and nothing else', async () => {
    const one = await openBase(goldenPath('models', 'llama-tied'))
    const copy = await openBase(copyBase('llama-tied', { torch_dtype: 'float32' }))
    const other = await openBase(goldenPath('models', 'qwen2'))
    expect(copy.sha256).toBe(one.sha256)
    expect(other.sha256).not.toBe(one.sha256)
    for (const base of [one, copy, other]) base.close()
  })
})

describe('a GGUF file', () => {
  test('gives the weights of the folder it was converted from, rope rows in place, within Q8_0', async () => {
    const folderBase = await openBase(goldenPath('models', 'llama3-untied'))
    const gguf = await openBase(goldenPath('models', 'llama3-untied.Q8_0.gguf'))
    expect(gguf.id).toBe('llama3-untied.Q8_0')
    expect([...gguf.tensorNames].sort()).toEqual([...folderBase.tensorNames].sort())
    for (const name of folderBase.tensorNames) {
      const exact = folderBase.read(name)
      const rounded = gguf.read(name)
      expect(rounded.shape).toEqual(exact.shape)
      // Q8_0 rounds to 1/127 of the block's largest weight; half a step, and 2^-11 for the half-precision scale.
      const step = exact.data.reduce((max, x) => Math.max(max, Math.abs(x)), 0) * (0.5 / 127 + 2 ** -11)
      exact.data.forEach((x, i) => expect(Math.abs(x - (rounded.data[i] ?? NaN))).toBeLessThanOrEqual(step))
    }
    folderBase.close()
    gguf.close()
  })

  test.skipIf(!hasRealBase)('the embedded base has the weights that transformers reads from it', async () => {
    const { weights } = readGolden('smollm2-135m.json') as {
      weights: Record<string, { at: number[]; values: number[]; shape: number[] }>
    }
    const base = await openBase(REAL_BASE)
    for (const [name, { at, values, shape }] of Object.entries(weights)) {
      const tensor = base.read(name)
      expect(tensor.shape).toEqual(shape)
      expect(at.map((index) => tensor.data[index])).toEqual(values.map((value) => Math.fround(value)))
    }
    base.close()
  })
})

test('what is not there is said plainly', async () => {
  await expect(openBase('./no/such/file.gguf')).rejects.toThrow(
    'base ./no/such/file.gguf is not there: neither a GGUF file, nor a folder, nor a Hub id (org/name)',
  )
  const text = join(folder, 'notes.txt')
  writeFileSync(text, 'not a model at all')
  await expect(openBase(text)).rejects.toThrow('is not a GGUF file')
  await expect(openBase(folder)).rejects.toThrow('config.json is missing')
})
