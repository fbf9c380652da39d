import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { adapterShapes } from '../../../services/engine/adapter/adapter.ts'
import type { Adapter } from '../../../services/engine/adapter/adapter.ts'
import { decodeAdapter, encodeAdapter, peftFiles, readPeftFolder } from '../../../services/engine/adapter/peft.ts'
import { writePeftFolder } from '../../../services/engine/adapter/peft.ts'
import { folderConfig } from '../../../services/engine/base/folder-config.ts'
import { LINEAR_NAMES } from '../../../services/engine/base/model-config.ts'
import { parseSafetensors, writeSafetensors } from '../../../services/engine/formats/safetensors.ts'
import { goldenPath, readGolden } from '../golden-files.ts'

const NAMES = ['llama-tied', 'llama3-untied', 'qwen2', 'qwen3']
const base = { id: 'tiny', sha256: 'ab'.repeat(32) }

function configOf(name: string) {
  return folderConfig(readGolden('models', name, 'config.json') as Record<string, unknown>)
}

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'peft-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** PEFT's own adapter with changed fields of adapter_config.json. */
function copyAdapter(changes: Record<string, unknown>): string {
  cpSync(goldenPath('models', 'llama-tied', 'adapter'), folder, { recursive: true })
  const path = join(folder, 'adapter_config.json')
  const config = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
  writeFileSync(path, JSON.stringify({ ...config, ...changes }))
  return folder
}

describe('adapters saved by PEFT', () => {
  test.each(NAMES)('%s: both are read with rank, alpha, targets and every tensor', (name) => {
    const golden = readGolden('models', name, 'golden.json') as Record<string, { rank: number; alpha: number }>
    for (const [adapterName, targets] of [
      ['adapter', LINEAR_NAMES],
      ['adapter-qv', ['q_proj', 'v_proj']],
    ] as const) {
      const adapter = readPeftFolder(goldenPath('models', name, adapterName), configOf(name))
      const { rank, alpha } = golden[adapterName] ?? {}
      expect(adapter.config).toEqual({ rank, alpha, targets: [...targets] })
      const shapes = [...adapter.tensors].map(([tensor, { shape }]) => [tensor, shape])
      expect(shapes).toEqual([...adapterShapes(configOf(name), adapter.config)])
    }
  })

  test.each(NAMES)('%s: what we write holds the very tensors PEFT wrote, under the same names', (name) => {
    const source = goldenPath('models', name, 'adapter')
    writePeftFolder(folder, encodeAdapter(readPeftFolder(source, configOf(name)), base))
    const theirs = parseSafetensors(readFileSync(join(source, 'adapter_model.safetensors')))
    const ours = parseSafetensors(readFileSync(join(folder, 'adapter_model.safetensors')))
    expect([...ours.tensors.keys()].sort()).toEqual([...theirs.tensors.keys()].sort())
    for (const tensor of theirs.tensors.keys()) expect(ours.read(tensor)).toEqual(theirs.read(tensor))
    const config = (path: string) => JSON.parse(readFileSync(join(path, 'adapter_config.json'), 'utf8')) as object
    const shared = { r: 4, lora_alpha: 8, peft_type: 'LORA', task_type: 'CAUSAL_LM', bias: 'none', use_dora: false }
    expect(config(folder)).toMatchObject(shared)
    expect(config(source)).toMatchObject(shared)
  })

  test("rsLoRA's scale is kept: alpha / sqrt(rank) becomes alpha' / rank", () => {
    const { config } = readPeftFolder(copyAdapter({ use_rslora: true }), configOf('llama-tied'))
    expect(config.alpha / config.rank).toBeCloseTo(8 / Math.sqrt(4), 12)
  })

  test.each([[['self_attn.q_proj', 'mlp.up_proj']], ['all-linear'], ['.*\\.(q|k)_proj']])(
    'target_modules may be %j: the tensors tell what it meant',
    (target_modules) => {
      const { config } = readPeftFolder(copyAdapter({ target_modules }), configOf('llama-tied'))
      expect(config.targets).toEqual([...LINEAR_NAMES])
    },
  )

  test.each([
    [{ use_dora: true }, 'use_dora is set'],
    [{ modules_to_save: ['lm_head'] }, 'modules_to_save is set'],
    [{ bias: 'all' }, 'bias is "all"'],
    [{ rank_pattern: { q_proj: 8 } }, 'rank_pattern is set'],
    [{ alpha_pattern: { q_proj: 8 } }, 'alpha_pattern is set'],
    [{ layers_to_transform: [0] }, 'layers_to_transform is set'],
    [{ fan_in_fan_out: true }, 'fan_in_fan_out is set'],
    [{ init_lora_weights: 'pissa' }, 'init_lora_weights is "pissa", which changes the base'],
    [{ peft_type: 'IA3' }, 'peft_type is "IA3", not LORA'],
    [{ r: 0 }, 'r is not a positive integer'],
    [{ lora_alpha: '8' }, 'lora_alpha is not a number'],
    [{ use_dora: true, bias: 'all' }, 'use_dora is set; bias is "all"'],
  ])('%j is refused by name', (changes, message) => {
    expect(() => readPeftFolder(copyAdapter(changes), configOf('llama-tied'))).toThrow(message)
  })

  test('an adapter of another base is refused with all that does not fit', () => {
    expect(() => readPeftFolder(goldenPath('models', 'llama-tied', 'adapter'), configOf('qwen3'))).toThrow(
      /model\.layers\.0\.self_attn\.q_proj\.lora_B is \[32, 4\], should be \[64, 4\].*and \d+ more/,
    )
  })

  test('tensors of modules that carry no LoRA here are refused, not dropped', () => {
    const source = copyAdapter({})
    const path = join(source, 'adapter_model.safetensors')
    const file = parseSafetensors(readFileSync(path))
    const tensors = new Map([...file.tensors.keys()].map((name) => [name, file.read(name)]))
    tensors.set('base_model.model.lm_head.lora_A.weight', { shape: [4, 32], data: new Float32Array(128) })
    writeFileSync(path, writeSafetensors(tensors))
    expect(() => readPeftFolder(source, configOf('llama-tied'))).toThrow('lm_head.lora_A is not supported')
  })

  test('a missing file is named', () => {
    expect(() => readPeftFolder(folder, configOf('qwen2'))).toThrow('adapter_config.json is missing')
  })
})

describe('an adapter as one object', () => {
  const model = configOf('qwen3')
  const adapters = fc
    .record({
      rank: fc.integer({ min: 1, max: 3 }),
      alpha: fc.float({ min: Math.fround(0.01), max: 64, noNaN: true }),
      targets: fc.subarray([...LINEAR_NAMES], { minLength: 1 }),
      seed: fc.float({ noNaN: true, noDefaultInfinity: true }),
    })
    .map(({ seed, ...config }): Adapter => {
      const entries = [...adapterShapes(model, config)].map(([name, shape], number) => {
        const data = Float32Array.from({ length: (shape[0] ?? 0) * (shape[1] ?? 0) }, (_, i) =>
          Math.sin(seed + i + number),
        )
        return [name, { shape, data }] as const
      })
      return { config, tensors: new Map(entries) }
    })

  test('any adapter comes back as it was', () => {
    fc.assert(
      fc.property(adapters, (adapter) => {
        expect(decodeAdapter(encodeAdapter(adapter, base), model)).toEqual(adapter)
      }),
      { numRuns: 25 },
    )
  })

  test('equal adapters give equal bytes, in whatever order targets and tensors stand', () => {
    fc.assert(
      fc.property(adapters, (adapter) => {
        const targets = [...adapter.config.targets].reverse()
        const tensors = new Map([...adapter.tensors].reverse())
        const mirrored = { config: { ...adapter.config, targets }, tensors }
        expect(Buffer.compare(encodeAdapter(adapter, base), encodeAdapter(mirrored, base))).toBe(0)
      }),
      { numRuns: 25 },
    )
  })

  test('its files are the object itself and the config it carries', () => {
    const bytes = encodeAdapter(readPeftFolder(goldenPath('models', 'qwen3', 'adapter'), model), base)
    const files = peftFiles(bytes)
    expect(Object.keys(files)).toEqual(['adapter_config.json', 'adapter_model.safetensors'])
    expect(files['adapter_model.safetensors']).toBe(bytes)
    expect(JSON.parse(files['adapter_config.json'])).toMatchObject({ base_model_name_or_path: 'tiny', r: 4 })
    expect(parseSafetensors(bytes).metadata.get('base_sha256')).toBe(base.sha256)
  })

  test('weights that are not finite are never written', () => {
    const adapter = readPeftFolder(goldenPath('models', 'qwen3', 'adapter-qv'), model)
    const [first] = adapter.tensors.values()
    first?.data.set([NaN], 3)
    expect(() => encodeAdapter(adapter, base)).toThrow(
      'model.layers.0.self_attn.q_proj.lora_A holds a weight that is not finite',
    )
  })

  test('halves that would be infinite are never written', () => {
    const adapter = readPeftFolder(goldenPath('models', 'qwen3', 'adapter-qv'), model)
    const [first] = adapter.tensors.values()
    first?.data.set([65520], 3)
    expect(() => encodeAdapter(adapter, base, 'F16')).toThrow('holds a weight that is not finite')
    expect(decodeAdapter(encodeAdapter(adapter, base), model)).toEqual(adapter)
  })

  test('bytes without a config are refused', () => {
    expect(() => decodeAdapter(writeSafetensors(new Map()), model)).toThrow('carries no adapter_config')
  })
})
