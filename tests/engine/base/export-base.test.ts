// Exported bases read back by our own reader; `npm run check:export` has transformers, PEFT and llama.cpp read them.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { BaseSource } from '../../../services/engine/base/base-source.ts'
import { planBaseExport } from '../../../services/engine/base/export-base.ts'
import { ggufConfigFiles } from '../../../services/engine/base/gguf-config-files.ts'
import { openBase } from '../../../services/engine/base/open-base.ts'
import { openGguf } from '../../../services/engine/formats/gguf.ts'
import type { FloatDtype } from '../../../services/engine/formats/safetensors.ts'
import { openFolderTokenizer } from '../../../services/engine/tokenizer/folder-tokenizer.ts'
import { goldenPath, readGolden } from '../golden-files.ts'
import { hasRealBase, REAL_BASE } from '../real-base.ts'

let folder = ''
const opened: BaseSource[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'export-'))
})
afterEach(() => {
  for (const base of opened.splice(0)) base.close()
  rmSync(folder, { recursive: true })
})

async function open(path: string): Promise<BaseSource> {
  const base = await openBase(path)
  opened.push(base)
  return base
}

async function exportTiny(name: string, dtype: FloatDtype, shardBytesMax?: number) {
  const source = await open(goldenPath('models', name))
  const plan = planBaseExport(source, dtype, shardBytesMax)
  await plan.write(folder)
  return { source, plan, written: await open(folder) }
}

const tinies = ['llama-tied', 'llama-tied-bf16', 'llama3-untied', 'llama3-untied.Q8_0.gguf', 'qwen2', 'qwen3']

test.each(tinies)('%s in float32 is the same base: shape, every weight, tokens and chat template', async (name) => {
  const { source, written } = await exportTiny(name, 'F32')
  expect(written.config).toEqual(source.config)
  expect([...written.tensorNames].sort()).toEqual([...source.tensorNames].sort())
  for (const tensor of source.tensorNames) expect(written.read(tensor)).toEqual(source.read(tensor))
  const { tokenizer } = written
  const strings = (readGolden('tokenizer', 'strings.json') as string[]).slice(0, 300)
  for (const text of strings) expect(tokenizer.encode(text)).toEqual(source.tokenizer.encode(text))
  expect(tokenizer).toMatchObject({ bosId: source.tokenizer.bosId, padId: source.tokenizer.padId })
  expect([...tokenizer.endIds].sort()).toEqual([...source.tokenizer.endIds].sort())
  const messages = [{ role: 'user', content: 'Who built it?' }] as const
  const asked = { addGenerationPrompt: true }
  expect(written.chatTemplate.render(messages, asked)).toBe(source.chatTemplate.render(messages, asked))
})

test.each([
  ['BF16', 2 ** -8, 'bfloat16'],
  ['F16', 2 ** -11, 'float16'],
] as const)('%s rounds to the nearest, and config.json says so', async (dtype, precision, name) => {
  const { source, written } = await exportTiny('llama-tied', dtype)
  // Half a step is at most so much of a number; float16's smallest steps are 2^-24.
  const bound = (x: number) => Math.max(Math.abs(x) * precision, dtype === 'F16' ? 2 ** -25 : 0)
  for (const tensor of source.tensorNames) {
    const exact = source.read(tensor).data
    const far = written.read(tensor).data.filter((x, i) => !(Math.abs(x - (exact[i] ?? NaN)) <= bound(exact[i] ?? 0)))
    expect([tensor, far.length]).toEqual([tensor, 0])
  }
  const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as Record<string, unknown>
  expect(config).toMatchObject({ dtype: name, torch_dtype: name })
})

test('a large base is cut into shards with an index, and has just the size that was foretold', async () => {
  const { source, plan, written } = await exportTiny('qwen3', 'F32', 50_000)
  const files = readdirSync(folder)
  const shards = files.filter((file) => file.endsWith('.safetensors'))
  expect(shards.length).toBeGreaterThan(2)
  expect(shards[0]).toBe(`model-00001-of-0000${shards.length}.safetensors`)
  for (const tensor of source.tensorNames) expect(written.read(tensor)).toEqual(source.read(tensor))
  const index = JSON.parse(readFileSync(join(folder, 'model.safetensors.index.json'), 'utf8')) as {
    metadata: { total_size: number }
  }
  const numbers = source.tensorNames.reduce((sum, tensor) => sum + source.read(tensor).data.length, 0)
  expect(index.metadata.total_size).toBe(numbers * 4)
  expect(files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0)).toBe(plan.bytes)
})

test('what it hears while it is written comes to the size that was foretold', async () => {
  const plan = planBaseExport(await open(goldenPath('models', 'qwen2')), 'BF16')
  let last = 0
  await plan.write(folder, (bytes) => {
    expect(bytes).toBeGreaterThan(last)
    last = bytes
  })
  expect(last).toBe(plan.bytes)
})

test('weights that float16 cannot hold are refused by name, not written as infinite', async () => {
  const source = await open(goldenPath('models', 'llama-tied'))
  const large: BaseSource = {
    ...source,
    read: (name) => {
      const { shape, data } = source.read(name)
      return { shape, data: name === 'model.norm.weight' ? data.map(() => 70_000) : data }
    },
  }
  await expect(planBaseExport(large, 'F16').write(folder)).rejects.toThrow(
    "model.norm.weight holds weights beyond float16's range",
  )
})

describe.skipIf(!hasRealBase)(
  'the tokenizer of a GGUF file as tokenizer.json (needs the base that setup fetches)',
  () => {
    test.each([
      ['smollm', false],
      ['gpt-2', false],
      ['llama-bpe', true],
      ['qwen2', false],
    ])('%s: ids of 300 strings equal the reference; BOS where the model adds it', async (name, addsBos) => {
      const base = await open(REAL_BASE)
      const gguf = openGguf(REAL_BASE)
      gguf.close()
      const changes = { 'tokenizer.ggml.pre': name, 'tokenizer.ggml.add_bos_token': addsBos }
      const metadata = new Map([...gguf.metadata, ...Object.entries(changes)])
      mkdirSync(join(folder, name))
      for (const [file, text] of ggufConfigFiles(metadata, base.config, base.tokenizer))
        writeFileSync(join(folder, name, file), text)
      const { tokenizer } = openFolderTokenizer(join(folder, name))
      const { ids } = readGolden('tokenizer', `${name}.json`) as { ids: number[][] }
      const strings = readGolden('tokenizer', 'strings.json') as string[]
      expect(strings.filter((text, i) => tokenizer.encode(text).join() !== ids[i]?.join())).toEqual([])
      expect(tokenizer.bosId).toBe(addsBos ? 1 : null)
    })
  },
)
