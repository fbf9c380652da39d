// An engine that remembers what it wrote. Studying is half of the time, and many arms write the same texts and differ in
// what they keep of them or how they train it: equal prompts, adapter and sampling give the stored texts, and the seconds
// that writing them took when it was done, so that a study from the store reports what it really costs.
import type { Adapter } from '../../../services/engine/adapter/adapter.ts'
import type { Engine, Generation, GenerateOptions } from '../../../services/engine/engine.ts'
import { loadNow } from './load-now.ts'
import { keyOf } from './result-store.ts'
import type { ResultStore } from './result-store.ts'

/** Texts of one call, in the order of its prompts. */
export interface Written {
  texts: Pick<Generation, 'text' | 'finish'>[]
  seconds: number
  /** Of the machine, a minute's mean, when it began. */
  load: number
}

export interface WritingEngine {
  engine: Engine
  /** Seconds that the generations so far took, whenever they were made. */
  seconds(): number
}

/** `nameOf` names an adapter by its content. Tokens and log-probabilities are not stored: those of `engine` are empty. */
export function keepGenerations(
  engine: Engine,
  store: ResultStore<Written>,
  nameOf: (adapter: Adapter | null) => string | null,
): WritingEngine {
  let seconds = 0
  const generate = async (prompts: readonly (readonly number[])[], options: GenerateOptions): Promise<Generation[]> => {
    const { adapter = null, signal: _, onText: __, seed, ...sampling } = options
    // Greedy text is the same with any seed.
    const drawn = (options.temperature ?? 0) > 0 ? { ...sampling, seed } : sampling
    const key = keyOf({ base: engine.base.sha256, adapter: nameOf(adapter), prompts, ...drawn })
    const written = store.find(key) ?? (await write(engine, prompts, options))
    if (store.find(key) === undefined) store.append(key, written)
    seconds += written.seconds
    return written.texts.map((text) => ({ ...text, tokens: [], logprobs: [] }))
  }
  return { engine: { ...engine, generate }, seconds: () => seconds }
}

async function write(
  engine: Engine,
  prompts: readonly (readonly number[])[],
  options: GenerateOptions,
): Promise<Written> {
  const [load, started] = [loadNow(), performance.now()]
  const generations = await engine.generate(prompts, options)
  const texts = generations.map(({ text, finish }) => ({ text, finish }))
  return { texts, seconds: (performance.now() - started) / 1000, load }
}
