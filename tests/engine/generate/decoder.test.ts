// Generation with the cache against the naive one and the reference; sampling, stops, streaming and cancelling.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DrawnToken, GenerateOptions, Generation } from '../../../services/engine/engine.ts'
import type { Form } from '../../../services/engine/generate/form.ts'
import { createDecoder, type Decoder } from '../../../services/engine/generate/decoder.ts'
import { naiveGenerate } from '../../../services/engine/generate/naive-generate.ts'
import type { Runtime } from '../../../services/engine/model/runtime.ts'
import { tensorflow } from '../../../services/engine/tensorflow.ts'
import type { Tokenizer } from '../../../services/engine/tokenizer/tokenizer.ts'
import { newAdapter } from '../../../services/engine/train/new-adapter.ts'
import { createTurns } from '../../../services/engine/turns.ts'
import { maxDifference, openTiny, TINY_NAMES } from '../tiny.ts'
import type { Tiny } from '../tiny.ts'

const CASES = TINY_NAMES.flatMap((name) => (['eager', 'graph'] as const).map((executor) => ({ name, executor })))
/** The golden generations do not stop at end tokens. */
const endless = (tokenizer: Tokenizer): Tokenizer => ({ ...tokenizer, endIds: [] })

describe.each(CASES)('$name, $executor', ({ name, executor }) => {
  let tiny: Tiny
  beforeAll(async () => {
    tiny = await openTiny(name, executor)
  })
  afterAll(() => tiny.runtime.executor.close())

  it('continues prompts of different lengths in one batch as the reference does, with and without an adapter', async () => {
    for (const [kind, adapter] of [
      ['base', null],
      ['adapter', tiny.adapters.adapter],
      ['adapter-qv', tiny.adapters['adapter-qv']],
    ] as const) {
      const decoder = createDecoder(tiny.runtime, endless(tiny.source.tokenizer))
      const results = await decoder.generate(tiny.golden.prompts, { tokensMax: 16, adapter })
      results.forEach((result, index) => {
        const expected = tiny.golden[kind].generations[index]
        expect(result.tokens).toEqual(expected?.tokens)
        expect(maxDifference(result.logprobs, expected?.logprobs ?? [])).toBeLessThan(1e-3)
      })
    }
  })

  it('gives the tokens of the naive generation', async () => {
    const [prompt = []] = tiny.golden.prompts
    const { endIds } = tiny.source.tokenizer
    const naive = naiveGenerate(tiny.runtime, prompt, { tokensMax: 12, endIds })
    const [fast] = await createDecoder(tiny.runtime, tiny.source.tokenizer).generate([prompt], { tokensMax: 12 })
    expect(fast?.tokens).toEqual(naive)
  })
})

describe('generation', () => {
  let tiny: Tiny
  let tokenizer: Tokenizer
  let decoder: Decoder
  beforeAll(async () => {
    tiny = await openTiny('llama-tied', 'graph')
    tokenizer = endless(tiny.source.tokenizer)
    decoder = createDecoder(tiny.runtime, tokenizer)
  })
  afterAll(() => tiny.runtime.executor.close())
  const run = (prompts: number[][], options: GenerateOptions) => decoder.generate(prompts, options)

  it('answers 70 prompts of many lengths in their order, whatever batch they fell into', async () => {
    const prompts = Array.from({ length: 70 }, (_, row) =>
      Array.from({ length: 1 + ((row * 7) % 23) }, (_, i) => 5 + ((row * 31 + i * 17) % 100)),
    )
    const together = await run(prompts, { tokensMax: 6 })
    for (const row of [0, 13, 42, 69]) {
      const [alone] = await run([prompts[row] ?? []], { tokensMax: 6 })
      expect(together[row]?.tokens).toEqual(alone?.tokens)
    }
  })

  it('draws the same tokens for the same seed, and others for another', async () => {
    const options = { tokensMax: 12, temperature: 1, topP: 0.95 }
    const first = await run(tiny.golden.prompts, { ...options, seed: 1 })
    expect(await run(tiny.golden.prompts, { ...options, seed: 1 })).toEqual(first)
    expect(await run(tiny.golden.prompts, { ...options, seed: 2 })).not.toEqual(first)
  })

  it('shrinks a batch as its rows end, without changing the others', async () => {
    const [prompt = []] = tiny.golden.prompts
    const many = Array.from({ length: 12 }, (_, row) => [...prompt, 5 + row])
    const plain = await run(many, { tokensMax: 24 })
    // Every row ends where its own fourth or later token first shows the text of another row's token.
    const stop = [tokenizer.decode([plain[0]?.tokens[2] ?? 0]), tokenizer.decode([plain[1]?.tokens[3] ?? 0])]
    const stopped = await run(many, { tokensMax: 24, stop })
    expect(new Set(stopped.map((row) => row.tokens.length)).size).toBeGreaterThan(1)
    stopped.forEach((row, index) => expect(row.tokens).toEqual(plain[index]?.tokens.slice(0, row.tokens.length)))
  })

  it('ends before a stop text and says so', async () => {
    const [prompt = []] = tiny.golden.prompts
    const [plain] = await run([prompt], { tokensMax: 16 })
    const whole = plain?.text ?? ''
    const stop = whole.slice(5, 7)
    const [stopped] = await run([prompt], { tokensMax: 16, stop: [stop] })
    expect(stopped?.text).toBe(whole.slice(0, whole.indexOf(stop)))
    expect(stopped?.finish).toBe('stop')
  })

  it('keeps to a form, greedy and sampled, and ends where the text is whole', async () => {
    const form: Form = ['a=', { oneOf: ['yes', 'no'] }, ',b=', { digits: 3 }, ';']
    const greedy = await run(tiny.golden.prompts, { tokensMax: 40, form })
    const sampled = await run(
      tiny.golden.prompts.flatMap((prompt) => [prompt, prompt, prompt, prompt]),
      { tokensMax: 40, form, temperature: 1, seed: 3 },
    )
    for (const { text, finish } of [...greedy, ...sampled]) {
      expect(text).toMatch(/^a=(yes|no),b=\d{1,3};$/)
      expect(finish).toBe('stop')
    }
    expect(new Set(sampled.map(({ text }) => text)).size).toBeGreaterThan(3)
  })

  it('lets a row go unfinished where nothing fits its form', async () => {
    const [prompt = []] = tiny.golden.prompts
    const [row] = await run([prompt], { tokensMax: 40, form: ['a\u{1F600}b'] })
    expect(row).toMatchObject({ text: 'a', finish: 'stop' })
  })

  it('streams exactly the text it returns, never a piece of a stop text', async () => {
    const [prompt = []] = tiny.golden.prompts
    const [plain] = await run([prompt], { tokensMax: 16 })
    const whole = plain?.text ?? ''
    for (const stop of ['never said', whole.slice(6, 9), whole.slice(-2)]) {
      const pieces: string[] = []
      const [streamed] = await run([prompt], { tokensMax: 16, stop: [stop], onText: (_, text) => pieces.push(text) })
      expect(pieces.join('')).toBe(streamed?.text)
      expect(streamed?.text).toBe(whole.split(stop)[0])
      if (!whole.includes(stop)) expect(pieces.length).toBeGreaterThan(5)
    }
  })

  it('says of each piece which tokens it is made of, with the likeliest beside them', async () => {
    const [prompt = []] = tiny.golden.prompts
    const pieces: { text: string; tokens: readonly DrawnToken[] }[] = []
    const onPiece = (text: string, tokens: readonly DrawnToken[]) => void pieces.push({ text, tokens })
    const [row] = await run([prompt], { tokensMax: 16, rows: [{ alternatives: 5, onPiece }] })
    const drawn = pieces.flatMap(({ tokens }) => tokens)
    expect(drawn.map(({ id }) => id)).toEqual(row?.tokens)
    expect(drawn.map(({ logprob }) => logprob)).toEqual(row?.logprobs)
    expect(pieces.map(({ text }) => text).join('')).toBe(row?.text)
    for (const { id, logprob, alternatives } of drawn) {
      expect(alternatives).toHaveLength(5)
      expect(alternatives[0]).toEqual({ id, logprob }) // greedy
      expect(alternatives.map((one) => one.logprob)).toEqual(
        alternatives.map((one) => one.logprob).sort((a, b) => b - a),
      )
    }
  })

  it('names no token whose text lies behind a stop text', async () => {
    const [prompt = []] = tiny.golden.prompts
    const [plain] = await run([prompt], { tokensMax: 16 })
    const lengths = (plain?.tokens ?? []).map(
      (_, index) => tokenizer.decode(plain?.tokens.slice(0, index + 1) ?? []).length,
    )
    const stop = plain?.text.slice(lengths[5], (lengths[5] ?? 0) + 2) ?? ''
    const drawn: DrawnToken[] = []
    const onPiece = (_: string, tokens: readonly DrawnToken[]) => void drawn.push(...tokens)
    const [stopped] = await run([prompt], { tokensMax: 16, stop: [stop], rows: [{ onPiece }] })
    expect(stopped?.text).not.toBe('')
    expect(tokenizer.decode(drawn.map(({ id }) => id))).toBe(stopped?.text)
    expect(stopped?.tokens.length).toBeGreaterThan(drawn.length)
  })

  it('lets single prompts of a call have their own length and seed, wherever they stand', async () => {
    const [first = [], second = []] = tiny.golden.prompts
    const drawn = { tokensMax: 10, temperature: 1, seed: 5 }
    const [alone] = await run([second], { tokensMax: 1, rows: [drawn] })
    const together = await run([first, second], { tokensMax: 4, rows: [{}, drawn] })
    expect(together.map(({ tokens }) => tokens.length)).toEqual([4, 10])
    expect(together[1]?.tokens).toEqual(alone?.tokens)
  })

  it('ends at an end token of the base', async () => {
    const [prompt = []] = tiny.golden.prompts
    const [plain] = await run([prompt], { tokensMax: 16 })
    const end = plain?.tokens[4] ?? 0
    const ending = createDecoder(tiny.runtime, { ...tokenizer, endIds: [end] })
    const [ended] = await ending.generate([prompt], { tokensMax: 16 })
    expect(ended?.finish).toBe('stop')
    expect(ended?.tokens.at(-1)).toBe(end)
    expect(ended?.tokens.length).toBeLessThanOrEqual(5)
  })

  it('hands back what it has when it is cancelled', async () => {
    const controller = new AbortController()
    let pieces = 0
    const [row] = await run(tiny.golden.prompts.slice(0, 1), {
      tokensMax: 100,
      signal: controller.signal,
      onText: () => void (++pieces === 3 && controller.abort()),
    })
    expect(row?.finish).toBe('cancelled')
    expect(row?.tokens.length).toBeLessThan(100)
    expect(row?.text.length).toBeGreaterThan(0)
  })

  /** Prompts of many lengths, with greedy and drawn rows, of two adapters and of none among them. */
  const mixed = Array.from({ length: 9 }, (_, row) => ({
    prompt: Array.from({ length: 1 + ((row * 13) % 31) }, (_, i) => 5 + ((row * 29 + i * 11) % 100)),
    options: { tokensMax: 4 + ((row * 5) % 12), seed: row, temperature: row % 2 },
    adapter: (['adapter', 'adapter-qv', null] as const)[row % 3] ?? null,
  }))
  const adapterOf = (name: 'adapter' | 'adapter-qv' | null) => name && tiny.adapters[name]

  it('gives a prompt that joins a batch under way what it gives it alone, whenever it joins and whoever leaves', async () => {
    const alone = []
    for (const { prompt, options, adapter } of mixed)
      alone.push(...(await run([prompt], { ...options, adapter: adapterOf(adapter) })))
    const small = createDecoder(tiny.runtime, tokenizer, { rowsMax: 4, prefillTokensMax: 8 })
    const joined: Promise<Generation[]>[] = []
    const join = () => {
      const next = mixed[joined.length]
      // Each joins when the one before it has said its second piece, in the middle of a batch.
      if (!next) return
      const options = { ...next.options, adapter: adapterOf(next.adapter), onPiece: onSecond(join) }
      joined.push(small.generate([next.prompt], options))
    }
    join()
    while (joined.length < mixed.length) await joined.at(-1)
    expect((await Promise.all(joined)).flat().map(({ tokens }) => tokens)).toEqual(alone.map(({ tokens }) => tokens))
  })

  it('frees the row of a prompt that nobody waits for any more, and never reads one that has not begun', async () => {
    const { watched, calls } = watch(tiny.runtime)
    const one = createDecoder(watched, tokenizer, { rowsMax: 1 })
    const [leaving, gone] = [new AbortController(), new AbortController()]
    const [prompt = []] = tiny.golden.prompts
    const onPiece = onSecond(() => (leaving.abort(), gone.abort()))
    const [first, second, third] = await Promise.all([
      one.generate([prompt], { tokensMax: 100, signal: leaving.signal, onPiece }),
      one.generate([prompt], { tokensMax: 100, signal: gone.signal }),
      one.generate([prompt], { tokensMax: 3 }),
    ])
    expect([first, second, third].map((rows) => rows?.[0]?.finish)).toEqual(['cancelled', 'cancelled', 'length'])
    expect(second?.[0]?.tokens).toEqual([])
    expect(calls.filter(({ parts }) => parts > 0)).toHaveLength(2)
  })

  it('reads what prompts begin with once for all rows of the same adapter, also for those that join later', async () => {
    const { watched, calls } = watch(tiny.runtime)
    const decoder = createDecoder(watched, tokenizer)
    const start = Array.from({ length: 70 }, (_, i) => 5 + ((i * 13) % 100))
    const prompts = [...start.slice(0, 5), 110].map((last, row) => [...start, last, ...start.slice(0, row)])
    const { adapter = null } = tiny.adapters
    const alone: Generation[] = []
    for (const prompt of prompts) alone.push(...(await decoder.generate([prompt], { tokensMax: 8, adapter })))
    calls.length = 0
    const later: Promise<Generation[]>[] = []
    const onPiece = onSecond(() => void later.push(decoder.generate(prompts.slice(3), { tokensMax: 8, adapter })))
    const first = await decoder.generate(prompts.slice(0, 3), { tokensMax: 8, adapter, rows: [{ onPiece }] })
    const rest = (await Promise.all(later)).flat()
    expect([...first, ...rest].map(({ tokens }) => tokens)).toEqual(alone.map(({ tokens }) => tokens))
    const read = calls.reduce((sum, { tokens, singles }) => sum + tokens - singles, 0)
    expect(read).toBe(prompts.reduce((sum, prompt) => sum + prompt.length - start.length, start.length))
  })

  it('copies a beginning from who has read it, not from who joins beside it in a slot before', async () => {
    const decoder = createDecoder(tiny.runtime, tokenizer)
    const start = Array.from({ length: 12 }, (_, i) => 5 + ((i * 13) % 100))
    const [reader = [], ...joining] = [110, 90, 70].map((last) => [...start, last])
    const alone: Generation[] = []
    for (const prompt of joining) alone.push(...(await decoder.generate([prompt], { tokensMax: 8 })))
    const later: Promise<Generation[]>[] = []
    let pieces = 0
    // By then the first prompt has left, and its slot is free; two others keep the rest where it is.
    const onPiece = () => void (++pieces === 6 && later.push(decoder.generate(joining, { tokensMax: 8 })))
    const rows = [{ tokensMax: 2 }, { onPiece }, {}, {}]
    await decoder.generate([[40, 41], reader, [...reader, 50, 51], [42, ...reader, 52]], { tokensMax: 30, rows })
    expect((await Promise.all(later)).flat().map(({ tokens }) => tokens)).toEqual(alone.map(({ tokens }) => tokens))
  })

  it('reads the same beginning anew for another adapter', async () => {
    const { watched, calls } = watch(tiny.runtime)
    const decoder = createDecoder(watched, tokenizer)
    const [prompt = []] = tiny.golden.prompts
    const adapters = [tiny.adapters.adapter, tiny.adapters['adapter-qv']]
    const alone: Generation[] = []
    for (const adapter of adapters) alone.push(...(await decoder.generate([prompt], { tokensMax: 8, adapter })))
    calls.length = 0
    const both = await Promise.all(adapters.map((adapter) => decoder.generate([prompt], { tokensMax: 8, adapter })))
    expect(both.flat().map(({ tokens }) => tokens)).toEqual(alone.map(({ tokens }) => tokens))
    expect(calls.map(({ program }) => program)).not.toContain('copy')
  })

  it('decodes rows of several adapters and of none in the same steps', async () => {
    const { watched, calls } = watch(tiny.runtime)
    const decoder = createDecoder(watched, tokenizer)
    const [prompt = []] = tiny.golden.prompts
    const adapters = [null, tiny.adapters.adapter, tiny.adapters['adapter-qv']]
    await Promise.all(adapters.map((adapter) => decoder.generate([prompt], { tokensMax: 10, adapter })))
    expect(calls.filter(({ singles }) => singles > 0).length).toBeLessThan(13)
  })

  it('takes one adapter in turn with another that is asked without end and leaves no room beside it', async () => {
    const two = createDecoder(tiny.runtime, tokenizer, { rowsMax: 2 })
    const lora = { rank: 40, alpha: 40, targets: ['q_proj'] as const }
    const [asked, other] = [newAdapter(tiny.source.config, lora, 1), newAdapter(tiny.source.config, lora, 2)]
    const [prompt = []] = tiny.golden.prompts
    let waits = true
    let answered = 0
    const askOn = async (): Promise<void> => {
      while (waits && answered < 100) {
        await two.generate([prompt], { tokensMax: 3, adapter: asked })
        answered += 1
      }
    }
    const stream = [askOn(), askOn()]
    await two.generate([prompt], { tokensMax: 3, adapter: other })
    waits = false
    await Promise.all(stream)
    expect(answered).toBeLessThan(10)
  })

  it('goes on answering while it reads a long prompt', async () => {
    const { watched, calls } = watch(tiny.runtime)
    const decoder = createDecoder(watched, tokenizer, { prefillTokensMax: 16 })
    const [prompt = []] = tiny.golden.prompts
    const long = Array.from({ length: 100 }, (_, i) => 5 + ((i * 17) % 100))
    const read: Promise<Generation[]>[] = []
    const onPiece = onSecond(() => void read.push(decoder.generate([long], { tokensMax: 2 })))
    await decoder.generate([prompt], { tokensMax: 40, onPiece })
    const [answered] = await Promise.all(read)
    expect(answered?.[0]?.tokens).toEqual((await run([long], { tokensMax: 2 }))[0]?.tokens)
    const [, ...parts] = calls.filter((call) => call.parts > 0)
    expect(parts.length).toBeGreaterThanOrEqual(7)
    for (const { singles } of parts) expect(singles).toBe(1)
  })

  it('leaves a turn to who waits for one, however many prompts come', async () => {
    const turns = createTurns()
    const decoder = createDecoder(tiny.runtime, tokenizer, { turns })
    const [prompt = []] = tiny.golden.prompts
    let waits = true
    let answered = 0
    const askOn = async (): Promise<void> => {
      while (waits && answered < 100) {
        await decoder.generate([prompt], { tokensMax: 2 })
        answered += 1
      }
    }
    const stream = [askOn(), askOn(), askOn()]
    await decoder.generate([prompt], { tokensMax: 1 })
    await turns.take(() => Promise.resolve())
    waits = false
    await Promise.all(stream)
    expect(answered).toBeLessThan(15)
  })

  it('gives the memory of the cache back when nobody is left', async () => {
    const rows = () => tiny.runtime.executor.fetchVariables(['k.0'])['k.0']?.shape[0] ?? 0
    let most = 0
    await run(tiny.golden.prompts, { tokensMax: 4, onText: () => (most = Math.max(most, rows())) })
    expect(most).toBeGreaterThan(64)
    expect(rows()).toBe(1)
  })

  it('tells one caller what its listener threw, and answers the others', async () => {
    const [first = [], second = []] = tiny.golden.prompts
    const onText = () => {
      throw new Error('nobody listens')
    }
    const failing = expect(run([first], { tokensMax: 8, onText })).rejects.toThrow('nobody listens')
    const [answered] = await run([second], { tokensMax: 8 })
    await failing
    expect(answered?.finish).toBe('length')
  })

  it('leaks no tensor', async () => {
    await run(tiny.golden.prompts, { tokensMax: 4 })
    const before = tensorflow().getNumOfTensors()
    for (let count = 0; count < 20; count++) await run(tiny.golden.prompts, { tokensMax: 4 })
    expect(tensorflow().getNumOfTensors()).toBe(before)
  })

  it.each([
    ['an empty prompt', [[]], 4],
    ['a prompt that leaves no room', [new Array<number>(255).fill(5)], 4],
    ['nothing to generate', [[5]], 0],
  ])('refuses %s', async (_, prompts, tokensMax) => {
    await expect(run(prompts, { tokensMax })).rejects.toThrow(RangeError)
  })
})

/** The runtime with the programs that it ran written down. */
/** Of each call of the session: its program, and how many prompts' parts and single tokens it took further. */
interface Call {
  program: string
  parts: number
  singles: number
  tokens: number
}

function watch(runtime: Runtime): { watched: Runtime; calls: Call[] } {
  const calls: Call[] = []
  const run: Runtime['executor']['run'] = (program, feeds, fetches) => {
    const numberOf = (name: string) => feeds[name]?.data[0] ?? 0
    const tokens = feeds['ids']?.data.length ?? 0
    calls.push({ program, parts: numberOf('parts'), singles: numberOf('singles'), tokens })
    return runtime.executor.run(program, feeds, fetches)
  }
  return { watched: { ...runtime, executor: { ...runtime.executor, run } }, calls }
}

/** A listener that calls `act` once, at the second piece. */
function onSecond(act: () => void): () => void {
  let pieces = 0
  return () => {
    pieces += 1
    if (pieces === 2) act()
  }
}
