// The key-value cache from outside: slots that hold one sequence each, and the two calls that take sequences further. It
// knows how large the cache is and where a position lies in it, not who stands in a slot or why.
import type { Adapter } from '../adapter/adapter.ts'
import { cacheVariables } from '../model/cache.ts'
import { ropeTables } from '../model/rope.ts'
import type { Runtime } from '../model/runtime.ts'
import { MASKED, scalarInt, vectorInt } from '../model/sequences.ts'
import type { HostArray } from '../ops/executor.ts'

/** The likeliest next tokens of a sequence, likeliest first. */
export interface Candidates {
  tokens: ArrayLike<number>
  logprobs: ArrayLike<number>
}

export interface StepOptions {
  /** The adapters of all sequences that run, also of those that are not in this call. */
  adapters: readonly Adapter[]
  /** Candidates that are handed over for each sequence. */
  k: number
}

/** A sequence that stays: where it lies (undefined: nowhere yet), and how many of its positions are in the cache. */
export interface KeptSlot {
  slot: number | undefined
  positions: number
}

/** A part of a sequence. */
export interface Part {
  slot: number
  tokens: readonly number[]
  adapter: Adapter | null
}

/** One token of a sequence, at its place in it. */
export interface Step {
  token: number
  position: number
  adapter: Adapter | null
}

export interface Slots {
  readonly count: number
  /** Positions of a slot. */
  readonly capacity: number
  /** Puts the sequences into the first slots, in their order, and gives up all else that the cache held. */
  arrange(kept: readonly KeptSlot[], count: number, capacity: number): void
  /** Parts that begin at the position `from` of their sequences; the candidates after the last token of each. */
  prefill(parts: readonly Part[], from: number, options: StepOptions): Candidates[]
  /**
   * One token into each of the first slots; the candidates after it. A slot without a sequence that is to go on takes
   * part as well: its token is written where the next one of its own will overwrite it.
   */
  decode(steps: readonly Step[], options: StepOptions): Candidates[]
  /** Gives the memory back. */
  release(): void
}

export function createSlots(runtime: Runtime): Slots {
  const { config, executor } = runtime
  const { kvHeads, headSize } = config
  let [count, capacity] = [0, 0]

  const heads = (of: (head: number) => number[]) => Array.from({ length: kvHeads }, (_, head) => of(head)).flat()
  const rowAt = (slot: number, head: number, position: number) => (slot * kvHeads + head) * capacity + position

  function release(): void {
    ;[count, capacity] = [0, 0]
    // One row stays: TensorFlow gathers nothing from an empty variable.
    const row = { shape: [1, headSize], data: new Float32Array(headSize) }
    executor.assign(Object.fromEntries(cacheVariables(config.layers).map((name) => [name, row])))
  }
  release()

  return {
    get count() {
      return count
    },
    get capacity() {
      return capacity
    },
    arrange(kept, countWanted, capacityWanted) {
      if (kept.every(({ slot }) => slot === undefined)) release()
      const rows = new Int32Array(countWanted * kvHeads * capacityWanted)
      // What is not there yet holds numbers all the same: masked, they add nothing, unless they are none (NaN).
      const filler = kept.find(({ slot }) => slot !== undefined)?.slot ?? 0
      kept.forEach(({ slot, positions }, index) => {
        for (let head = 0; head < kvHeads; head++) {
          const start = (index * kvHeads + head) * capacityWanted
          const first = rowAt(slot ?? filler, head, 0)
          rows.fill(first, start, start + capacityWanted)
          for (let position = 0; position < positions; position++) rows[start + position] = first + position
        }
      })
      rows.fill(rowAt(filler, 0, 0), kept.length * kvHeads * capacityWanted)
      executor.run('arrange', { kept: { shape: [rows.length], data: rows } })
      ;[count, capacity] = [countWanted, capacityWanted]
    },
    prefill(parts, from, { adapters, k }) {
      const batch = runtime.batch(
        parts.map(({ tokens }) => tokens),
        from,
      )
      const range = (start: number, end: number) =>
        heads((head) =>
          parts.flatMap(({ slot }) =>
            Array.from({ length: end - start }, (_, index) => rowAt(slot, head, start + index)),
          ),
        )
      const bare = parts.every(({ adapter }) => adapter === null)
      const ofTokens = parts.flatMap(({ adapter }) => new Array<Adapter | null>(batch.length).fill(adapter))
      const out = executor.run(bare ? 'prefill_base' : 'prefill_lora', {
        ...batch.feeds,
        ...(bare ? {} : runtime.useTogether(adapters)(ofTokens)),
        written: vectorInt(range(from, from + batch.length)),
        seen: vectorInt(range(0, from + batch.length)),
        lastRows: vectorInt(parts.map(({ tokens }, index) => index * batch.length + tokens.length - 1)),
        k: scalarInt(Math.min(k, config.vocabSize)),
      })
      return candidatesOf(out, parts.length)
    },
    decode(steps, { adapters, k }) {
      const mask = new Float32Array(steps.length * capacity).fill(MASKED)
      steps.forEach(({ position }, slot) => mask.fill(0, slot * capacity, slot * capacity + position + 1))
      const out = executor.run('decode', {
        ...runtime.useTogether(adapters)(steps.map(({ adapter }) => adapter)),
        ids: vectorInt(steps.map(({ token }) => token)),
        rows: scalarInt(steps.length),
        ...ropeTables(
          config,
          steps.map(({ position }) => [position]),
        ),
        mask: { shape: [steps.length, 1, 1, capacity], data: mask },
        written: vectorInt(heads((head) => steps.map(({ position }, slot) => rowAt(slot, head, position)))),
        count: scalarInt(steps.length * kvHeads * capacity),
        k: scalarInt(Math.min(k, config.vocabSize)),
      })
      return candidatesOf(out, steps.length)
    },
    release,
  }
}

function candidatesOf({ logprobs, tokens }: Readonly<Record<string, HostArray>>, rows: number): Candidates[] {
  if (!logprobs || !tokens) throw new Error('the step gave no tokens')
  const width = tokens.shape[1] ?? 1
  return Array.from({ length: rows }, (_, row) => ({
    tokens: tokens.data.subarray(row * width, (row + 1) * width),
    logprobs: logprobs.data.subarray(row * width, (row + 1) * width),
  }))
}
