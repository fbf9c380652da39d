// Generation with the cache against the naive one and the reference; sampling, stops, streaming and cancelling.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DrawnToken, GenerateOptions } from '../../../services/engine/engine.ts'
import { generate } from '../../../services/engine/generate/generate.ts'
import { naiveGenerate } from '../../../services/engine/generate/naive-generate.ts'
import { tensorflow } from '../../../services/engine/tensorflow.ts'
import type { Tokenizer } from '../../../services/engine/tokenizer/tokenizer.ts'
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
      const results = await generate(tiny.runtime, endless(tiny.source.tokenizer), tiny.golden.prompts, {
        tokensMax: 16,
        adapter,
      })
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
    const [fast] = await generate(tiny.runtime, tiny.source.tokenizer, [prompt], { tokensMax: 12 })
    expect(fast?.tokens).toEqual(naive)
  })
})

describe('generation', () => {
  let tiny: Tiny
  let tokenizer: Tokenizer
  beforeAll(async () => {
    tiny = await openTiny('llama-tied', 'graph')
    tokenizer = endless(tiny.source.tokenizer)
  })
  afterAll(() => tiny.runtime.executor.close())
  const run = (prompts: number[][], options: GenerateOptions) => generate(tiny.runtime, tokenizer, prompts, options)

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
    const [ended] = await generate(tiny.runtime, { ...tokenizer, endIds: [end] }, [prompt], { tokensMax: 16 })
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
