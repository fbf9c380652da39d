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

/** A part of a sequence, of which the first `from` positions are in the cache already. */
export interface Part {
  slot: number
  from: number
  /** At least one. */
  tokens: readonly number[]
  adapter: Adapter | null
}

/** One token of a sequence, at its place in it. */
export interface Single {
  token: number
  position: number
  adapter: Adapter | null
}

/** The first `positions` of one sequence are the beginning of another one too. */
export interface SharedStart {
  from: number
  to: number
  positions: number
}

export interface Slots {
  readonly count: number
  /** Positions of a slot. */
  readonly capacity: number
  /** Puts the sequences into the first slots, in their order, and gives up all else that the cache held. */
  arrange(kept: readonly KeptSlot[], count: number, capacity: number): void
  copy(shared: readonly SharedStart[]): void
  /**
   * Parts of any sequences, and one token into each of the first slots, in one pass; the candidates after the last token of
   * each part and after each single one. A slot without a sequence that is to go on by one token takes part as well, if one
   * after it does: its token is written where the next one of its own will overwrite it.
   */
  advance(
    parts: readonly Part[],
    singles: readonly Single[],
    options: StepOptions,
  ): { parts: Candidates[]; singles: Candidates[] }
  /** Gives the memory back. */
  release(): void
}

export function createSlots(runtime: Runtime): Slots {
  const { config, executor } = runtime
  const { kvHeads, headSize } = config
  let [count, capacity] = [0, 0]

  const rowAt = (slot: number, head: number, position: number) => (slot * kvHeads + head) * capacity + position

  const perHead = (rowsOf: (head: number) => number[]) => vectorInt(range(kvHeads, rowsOf).flat())

  /** Where the parts' tokens stand when each part is padded to the longest, and what each of them sees. */
  function partFeeds(parts: readonly Part[]): Record<string, HostArray> {
    const length = Math.max(1, ...parts.map(({ tokens }) => tokens.length))
    const window = Math.max(1, ...parts.map(({ from, tokens }) => from + tokens.length))
    const places = new Int32Array(parts.length * length)
    const mask = new Float32Array(parts.length * length * window).fill(MASKED)
    const placeOfToken: number[] = []
    parts.forEach(({ from, tokens }, part) =>
      tokens.forEach((_, index) => {
        const place = part * length + index
        places[place] = placeOfToken.push(place) - 1
        mask.fill(0, place * window, place * window + from + index + 1)
      }),
    )
    return {
      parts: scalarInt(parts.length),
      partLength: scalarInt(length),
      partWindow: scalarInt(window),
      partPlaces: { shape: [places.length], data: places },
      partTokens: vectorInt(placeOfToken),
      partSeen: perHead((head) =>
        parts.flatMap(({ slot }) => range(window, (position) => rowAt(slot, head, position))),
      ),
      partMask: { shape: [parts.length, length, window], data: mask },
    }
  }

  function singleFeeds(singles: readonly Single[], firstToken: number): Record<string, HostArray> {
    const mask = new Float32Array(singles.length * capacity).fill(MASKED)
    singles.forEach(({ position }, slot) => mask.fill(0, slot * capacity, slot * capacity + position + 1))
    return {
      singles: scalarInt(singles.length),
      singleTokens: vectorInt(singles.map((_, slot) => firstToken + slot)),
      capacity: scalarInt(capacity),
      cacheRows: scalarInt(singles.length * kvHeads * capacity),
      singleMask: { shape: [singles.length, 1, 1, capacity], data: mask },
    }
  }

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
    copy(shared) {
      const rows = (slotOf: (one: SharedStart) => number) =>
        perHead((head) =>
          shared.flatMap((one) => range(one.positions, (position) => rowAt(slotOf(one), head, position))),
        )
      executor.run('copy', { from: rows(({ from }) => from), to: rows(({ to }) => to) })
    },
    advance(parts, singles, { adapters, k }) {
      const tokens = [...parts.flatMap(tokensOf), ...singles.map((single, slot) => ({ ...single, slot }))]
      const ends = parts.map((_, index) =>
        parts.slice(0, index + 1).reduce((sum, part) => sum + part.tokens.length, -1),
      )
      const firstSingle = tokens.length - singles.length
      const out = executor.run('advance', {
        ...runtime.useTogether(adapters)(tokens.map(({ adapter }) => adapter)),
        ...ropeTables(config, [tokens.map(({ position }) => position)]),
        ids: vectorInt(tokens.map(({ token }) => token)),
        written: perHead((head) => tokens.map(({ slot, position }) => rowAt(slot, head, position))),
        ...partFeeds(parts),
        ...singleFeeds(singles, firstSingle),
        lastRows: vectorInt([...ends, ...singles.map((_, slot) => firstSingle + slot)]),
        k: scalarInt(Math.min(k, config.vocabSize)),
      })
      const all = candidatesOf(out, parts.length + singles.length)
      return { parts: all.slice(0, parts.length), singles: all.slice(parts.length) }
    },
    release,
  }
}

const range = <T>(length: number, of: (index: number) => T): T[] => Array.from({ length }, (_, index) => of(index))

const tokensOf = ({ slot, from, tokens, adapter }: Part) =>
  tokens.map((token, index) => ({ slot, token, position: from + index, adapter }))

function candidatesOf({ logprobs, tokens }: Readonly<Record<string, HostArray>>, rows: number): Candidates[] {
  if (!logprobs || !tokens) throw new Error('the step gave no tokens')
  const width = tokens.shape[1] ?? 1
  return Array.from({ length: rows }, (_, row) => ({
    tokens: tokens.data.subarray(row * width, (row + 1) * width),
    logprobs: logprobs.data.subarray(row * width, (row + 1) * width),
  }))
}
