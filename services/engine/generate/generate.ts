// Batched generation with a key-value cache: one prefill for all prompts of a batch, then one call a token. Rows end
// each at their own time; when half of a batch is done, the cache shrinks to the rest.
import { setImmediate } from 'node:timers/promises'
import type { GenerateOptions, Generation } from '../engine.ts'
import { ropeTables } from '../model/rope.ts'
import type { Runtime } from '../model/runtime.ts'
import { MASKED, scalarInt, vectorInt } from '../model/sequences.ts'
import type { HostArray } from '../ops/executor.ts'
import type { Tokenizer } from '../tokenizer/tokenizer.ts'
import { batchByLength } from './batch-by-length.ts'
import { advanceRow, startRow } from './row.ts'
import type { GeneratingRow } from './row.ts'
import { CANDIDATES_MAX } from './sample.ts'

const ROWS_MAX = 32
const PREFILL_TOKENS_MAX = 4096

/** @throws RangeError for a prompt that is empty or leaves no room in the base's positions. */
export async function generate(
  runtime: Runtime,
  tokenizer: Tokenizer,
  prompts: readonly (readonly number[])[],
  options: GenerateOptions,
): Promise<Generation[]> {
  checkPrompts(prompts, options, runtime.config.positionsMax)
  const results = new Array<Generation>(prompts.length)
  for (const batch of batchByLength(prompts, ROWS_MAX, PREFILL_TOKENS_MAX)) {
    const rows = batch.map(({ index, tokens }) => startRow(index, tokens, options))
    await generateBatch(runtime, tokenizer, rows, options)
    for (const row of rows) {
      const { text, tokens, logprobs } = row
      const finished = row.finish ?? 'cancelled'
      results[row.index] = {
        text: finished === 'cancelled' ? tokenizer.decode(tokens) : text,
        tokens,
        logprobs,
        finish: finished,
      }
    }
  }
  return results
}

async function generateBatch(
  runtime: Runtime,
  tokenizer: Tokenizer,
  rows: GeneratingRow[],
  options: GenerateOptions,
): Promise<void> {
  if (options.signal?.aborted) return
  const suffix = runtime.use(options.adapter ?? null)
  const k = Math.max(...rows.map(candidatesOf))
  const batch = runtime.batch(rows.map((row) => row.prompt))
  const room = Math.max(...rows.map((row) => row.options.tokensMax))
  const capacity = batch.length + room
  let out = runtime.executor.run(`prefill_${suffix}`, {
    ...batch.feeds,
    extra: scalarInt(room),
    lastRows: vectorInt(rows.map((row, index) => index * batch.length + row.prompt.length - 1)),
    k: scalarInt(Math.min(k, runtime.config.vocabSize)),
  })
  advance(rows, out, tokenizer)
  let active = rows
  for (;;) {
    const going = active.filter((row) => !row.finish)
    if (going.length === 0 || options.signal?.aborted) break
    if (going.length <= active.length / 2) {
      const kept = active.flatMap((row, index) => (row.finish ? [] : [index]))
      runtime.executor.run('keep', { rows: scalarInt(active.length), kept: vectorInt(kept) })
      active = going
    }
    await setImmediate()
    // Another call may have put its adapter in meanwhile only if it ran between our steps; the engine forbids that.
    out = runtime.executor.run(`decode_${suffix}`, decodeFeeds(runtime, active, capacity, k))
    advance(active, out, tokenizer)
  }
  for (const row of rows) row.finish ??= 'cancelled'
  // 32 rows of 400 positions hold 600 MB of the embedded base's cache, which a training that follows can use.
  runtime.executor.run('keep', { rows: scalarInt(active.length), kept: vectorInt([]) })
}

/** How many of the likeliest tokens a row looks at. */
function candidatesOf({ options }: GeneratingRow): number {
  return (options.temperature ?? 0) > 0 ? CANDIDATES_MAX : Math.max(1, options.alternatives ?? 0)
}

/** Rows that have ended are decoded along until the next shrink; their results are ignored. */
function decodeFeeds(
  runtime: Runtime,
  rows: readonly GeneratingRow[],
  capacity: number,
  k: number,
): Record<string, HostArray> {
  const { kvHeads } = runtime.config
  const positions = rows.map((row) => Math.min(row.prompt.length + row.tokens.length - 1, capacity - 1))
  const mask = new Float32Array(rows.length * capacity).fill(MASKED)
  positions.forEach((position, row) => mask.fill(0, row * capacity, row * capacity + position + 1))
  const slots = Array.from({ length: kvHeads }, (_, head) =>
    positions.map((position, row) => (head * rows.length + row) * capacity + position),
  )
  return {
    ids: vectorInt(rows.map((row) => row.tokens.at(-1) ?? 0)),
    rows: scalarInt(rows.length),
    ...ropeTables(
      runtime.config,
      positions.map((position) => [position]),
    ),
    mask: { shape: [1, rows.length, 1, capacity], data: mask },
    slots: vectorInt(slots.flat()),
    k: scalarInt(Math.min(k, runtime.config.vocabSize)),
  }
}

function advance(rows: readonly GeneratingRow[], out: Readonly<Record<string, HostArray>>, tokenizer: Tokenizer): void {
  const { logprobs, tokens } = out
  if (!logprobs || !tokens) throw new Error('the step gave no tokens')
  const width = tokens.shape[1] ?? 1
  rows.forEach((row, index) => {
    if (row.finish) return
    const [start, end] = [index * width, (index + 1) * width]
    const candidates = { tokens: tokens.data.subarray(start, end), logprobs: logprobs.data.subarray(start, end) }
    advanceRow(row, candidates, tokenizer)
  })
}

function checkPrompts(prompts: readonly (readonly number[])[], options: GenerateOptions, positionsMax: number): void {
  prompts.forEach((prompt, index) => {
    const tokensMax = options.rows?.[index]?.tokensMax ?? options.tokensMax
    if (!(tokensMax >= 1)) throw new RangeError('tokensMax must be at least 1')
    if (prompt.length === 0) throw new RangeError(`prompt ${index} is empty`)
    if (prompt.length + tokensMax > positionsMax)
      throw new RangeError(
        `prompt ${index} has ${prompt.length} tokens; with ${tokensMax} to generate that is over the base's ${positionsMax}`,
      )
  })
}
