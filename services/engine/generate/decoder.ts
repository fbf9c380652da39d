// Generation of any number of prompts at once (continuous batching): a prompt joins the batch that is under way as soon as a
// row is free, and a row leaves when it ends, so nothing waits for the longest answer beside it. Prompts are read in bounded
// parts, in the steps in which the others have their next token, and only from where no other row has read them already.
import { setImmediate } from 'node:timers/promises'
import type { Adapter } from '../adapter/adapter.ts'
import type { GenerateOptions, Generation } from '../engine.ts'
import type { Runtime } from '../model/runtime.ts'
import type { Tokenizer } from '../tokenizer/tokenizer.ts'
import { createTurns } from '../turns.ts'
import type { Turns } from '../turns.ts'
import { admit, type Admission } from './admit.ts'
import { advanceRow, candidatesOf, startRow, toGeneration } from './row.ts'
import type { GeneratingRow } from './row.ts'
import { createSlots } from './slots.ts'
import type { Candidates, StepOptions } from './slots.ts'

export interface Decoder {
  /**
   * Joins what is under way. Results in the order of the prompts.
   * @throws RangeError for a prompt that is empty or leaves no room in the base's positions.
   */
  generate(prompts: readonly (readonly number[])[], options: GenerateOptions): Promise<Generation[]>
}

export interface DecoderOptions {
  turns?: Turns
  /** Rows that are decoded together. */
  rowsMax?: number
  /** Tokens that are read in one call; by default half a second of the embedded base on two cores. */
  prefillTokensMax?: number
}

/** A row from its arrival to its end. */
interface DecodingRow extends GeneratingRow, Admission {
  adapter: Adapter | null
  /** So many of its positions are in the cache, from the first. */
  cached: number
  resolve: (generation: Generation) => void
  reject: (reason: unknown) => void
}

/** Of the key-value cache: 5,800 positions of the embedded base, so 16 rows of 364. A row that runs alone may take more. */
const CACHE_BYTES_MAX = 256 * 2 ** 20
/** Prompts are read together up to this difference in length: attention pads them to the longest. */
const PADDING_MAX = 64
/** Tokens that are worth copying from another row, and worth waiting for one that is about to read them. */
const SHARED_MIN = 4
const AWAITED_MIN = 64
/** Of adapters that run side by side: every row is multiplied with all of them, and rank 64 takes 120 MB. */
const RANKS_MAX = 64
const CAPACITY_UNIT = 64

export function createDecoder(
  runtime: Runtime,
  tokenizer: Tokenizer,
  { turns = createTurns(), rowsMax = 32, prefillTokensMax = 512 }: DecoderOptions = {},
): Decoder {
  const { layers, kvHeads, headSize, positionsMax } = runtime.config
  const limits = {
    rowsMax,
    ranksMax: RANKS_MAX,
    positionsMax: Math.floor(CACHE_BYTES_MAX / (layers * 2 * kvHeads * headSize * 4)),
  }
  const slots = createSlots(runtime)
  /** The oldest first. */
  let waiting: DecodingRow[] = []
  /** By slot; a free one is undefined. */
  let running: (DecodingRow | undefined)[] = []
  /** Those whose prompts are not wholly read, in turn. */
  let unread: DecodingRow[] = []
  let driving = false
  /** A slot was left with what is no number (NaN), which a mask does not hide from who comes into it. */
  let spoilt = false

  const present = () => running.flatMap((row) => row ?? [])

  /** One turn lasts while there are rows; once somebody else waits for it, nobody joins any more. */
  function drive(): void {
    if (driving) return
    driving = true
    void turns
      .take(run)
      .catch((error: unknown) => {
        for (const row of waiting.splice(0)) row.reject(error)
      })
      .finally(() => {
        driving = false
        if (waiting.length > 0) drive()
      })
  }

  async function run(): Promise<void> {
    try {
      leave() // before they have begun
      join()
      while (present().length > 0) {
        makeRoom()
        share()
        step()
        await setImmediate()
        leave()
        if (!turns.wanted()) join()
      }
    } catch (error) {
      for (const row of present()) row.reject(error)
      running = []
      unread = []
    } finally {
      slots.release()
    }
  }

  function join(): void {
    const admitted = admit(waiting, present(), limits)
    waiting = admitted.waiting
    unread.push(...admitted.joining)
    for (const row of admitted.joining) {
      const free = running.indexOf(undefined)
      running[free < 0 ? running.length : free] = row
    }
  }

  function leave(): void {
    for (const row of [...present(), ...waiting]) {
      if (row.signals.some(({ aborted }) => aborted)) row.finish ??= 'cancelled'
      if (row.finish === null) continue
      row.resolve(toGeneration(row, tokenizer))
      spoilt ||= row.logprobs.some(Number.isNaN)
    }
    const stays = ({ finish }: DecodingRow) => finish === null
    waiting = waiting.filter(stays)
    unread = unread.filter(stays)
    running = running.map((row) => (row && stays(row) ? row : undefined))
    running.length = 1 + running.findLastIndex((row) => row !== undefined)
  }

  /** Makes the cache as large as the rows need it, and moves them together when half of them have left. */
  function makeRoom(): void {
    const rows = present()
    const positions = Math.max(...rows.map(({ prompt, cached }) => Math.max(prompt.length, cached) + 1))
    const fits = running.length <= slots.count && positions <= slots.capacity
    if (fits && rows.length > running.length / 2 && !spoilt) return
    const kept = rows.map((row) => ({ slot: row.cached > 0 ? running.indexOf(row) : undefined, positions: row.cached }))
    // Some to spare, so that not every row that joins and every few tokens make the cache be copied.
    const count = Math.min(2 ** Math.ceil(Math.log2(rows.length)), rowsMax)
    slots.arrange(kept, count, CAPACITY_UNIT * Math.ceil((1.125 * positions) / CAPACITY_UNIT))
    running = rows
    spoilt = false
  }

  /** Copies what other rows have read of the same beginning. */
  function share(): void {
    const shared = unread.flatMap((row) => {
      const [longest] = present()
        .filter((other) => other.adapter === row.adapter)
        .map((other) => ({ row, other, positions: Math.min(other.cached, sharedStart(row, other)) }))
        .sort((a, b) => b.positions - a.positions)
      return longest && longest.positions - row.cached >= SHARED_MIN ? [longest] : []
    })
    if (shared.length === 0) return
    const slotOf = (row: DecodingRow) => running.indexOf(row)
    slots.copy(shared.map(({ row, other, positions }) => ({ from: slotOf(other), to: slotOf(row), positions })))
    // Not before: what one of them is about to be given cannot be copied on in the same call.
    for (const { row, positions } of shared) row.cached = positions
  }

  /**
   * One token further for each row whose prompt is read, and beside that some of the prompts that are not: at most so much
   * that the others soon have their next token.
   */
  function step(): void {
    const reading = readTogether(unread, prefillTokensMax)
    const parts = reading.map((row) => ({
      slot: running.indexOf(row),
      from: row.cached,
      tokens: row.prompt.slice(row.cached, row.cached + prefillTokensMax),
      adapter: row.adapter,
    }))
    const writing = running.map((row) => (row && isRead(row) ? row : undefined))
    parts.forEach(({ tokens }, index) => {
      const row = reading[index]
      if (row) row.cached += tokens.length
    })
    const singles = running.slice(0, 1 + writing.findLastIndex((row) => row !== undefined)).map((row, slot) => {
      const { tokens = [], adapter = null } = writing[slot] ?? {}
      return { token: tokens.at(-1) ?? 0, position: row?.cached ?? 0, adapter }
    })
    const next = slots.advance(parts, singles, stepOptions([...reading, ...writing.flatMap((row) => row ?? [])]))
    writing.forEach((row, slot) => {
      if (!row) return
      row.cached += 1
      advance(row, next.singles[slot])
    })
    reading.forEach((row, index) => {
      if (isRead(row)) advance(row, next.parts[index])
    })
    unread = [...unread.filter((row) => !reading.includes(row)), ...reading.filter((row) => !isRead(row))]
  }

  function stepOptions(rows: readonly DecodingRow[]): StepOptions {
    const adapters = new Set(present().flatMap(({ adapter }) => adapter ?? []))
    return { adapters: [...adapters], k: Math.max(...rows.map(candidatesOf)) }
  }

  /** What a row's listener throws is its own affair. */
  function advance(row: DecodingRow, candidates: Candidates | undefined): void {
    try {
      if (!candidates) throw new Error('the step gave no tokens')
      advanceRow(row, candidates, tokenizer)
    } catch (error) {
      row.finish = 'cancelled'
      row.reject(error)
    }
  }

  return {
    async generate(prompts, options) {
      checkPrompts(prompts, options, positionsMax)
      const arriving: DecodingRow[] = []
      const ended = prompts.map((prompt, index) => {
        const row = startRow(index, prompt, options)
        const positions = prompt.length + row.options.tokensMax
        return new Promise<Generation>((resolve, reject) => {
          const state = { adapter: options.adapter ?? null, positionsMax: positions, overtaken: 0, cached: 0 }
          arriving.push({ ...row, ...state, resolve, reject })
        })
      })
      // Rows of like length share calls with little padding.
      waiting.push(...arriving.sort((a, b) => a.prompt.length - b.prompt.length))
      drive()
      return await Promise.all(ended)
    },
  }
}

const isRead = ({ prompt, cached }: DecodingRow): boolean => cached >= prompt.length

/** So many tokens stand at the beginning of both prompts; the last one of `row` counts never, as it has to be read. */
function sharedStart(row: DecodingRow, other: DecodingRow): number {
  const differs = row.prompt.findIndex((token, index) => token !== other.prompt[index])
  return differs < 0 ? row.prompt.length - 1 : Math.min(differs, row.prompt.length - 1)
}

/** The one whose turn it is, and others that fit beside it with the rest of their prompts. */
function readTogether(unread: readonly DecodingRow[], tokensMax: number): DecodingRow[] {
  const [first, ...others] = unread
  if (!first) return []
  const rest = ({ prompt, cached }: DecodingRow) => prompt.length - cached
  const end = (row: DecodingRow) => row.cached + Math.min(rest(row), tokensMax)
  const alike = (a: number, b: number) => Math.abs(a - b) <= PADDING_MAX
  const rows = [first]
  let tokens = rest(first)
  for (const row of others) {
    const fits = tokens + rest(row) <= tokensMax && alike(rest(row), rest(first)) && alike(end(row), end(first))
    const awaits = rows.some(
      (other) => other.adapter === row.adapter && sharedStart(row, other) - row.cached >= AWAITED_MIN,
    )
    if (!fits || awaits) continue
    rows.push(row)
    tokens += rest(row)
  }
  return rows
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
