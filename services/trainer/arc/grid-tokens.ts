// Grids as tokens of a base, made cell by cell and not through the text: some tokenizers join digits to numbers, and then
// no cell would be a token of its own. The pairs of a task stand one after another as `I` grid `O` grid, each closed by
// the token that ends an answer, so that an answer ends as every demonstration did.
import type { Engine, TrainingExample } from '../../engine/engine.ts'
import { formatGrid } from './grid.ts'
import type { Grid } from './grid.ts'
import type { Pair } from './task.ts'

export interface GridCoder {
  /** Ends where the output of `input` begins. */
  prompt(demonstrations: readonly Pair[], input: Grid): number[]
  /** The grid and the end of the answer. */
  answer(output: Grid): number[]
}

/** @throws Error for a base whose tokenizer has no token for a cell. */
export function createGridCoder({ tokenizer, base }: Pick<Engine, 'tokenizer' | 'base'>): GridCoder {
  const ids = new Map([...'0123456789\nIO'].map((symbol) => [symbol, tokenizer.encode(symbol, { addSpecial: false })]))
  const [endId] = tokenizer.endIds
  const split = [...ids].filter(([symbol, own]) => own.length !== 1 || tokenizer.decode(own) !== symbol)
  if (split.length > 0 || endId === undefined)
    throw new Error(
      `base ${base.id} cannot write grids: no token of its own for ${split.map(([symbol]) => symbol).join()}`,
    )
  const tokens = (text: string): number[] => [...text].flatMap((symbol) => ids.get(symbol) ?? [])
  const answer = (output: Grid): number[] => [...tokens(formatGrid(output)), endId]
  const question = (input: Grid): number[] => tokens(`I${formatGrid(input)}O`)
  return {
    prompt: (demonstrations, input) => [
      ...(tokenizer.bosId === null ? [] : [tokenizer.bosId]),
      ...demonstrations.flatMap((pair) => [...question(pair.input), ...answer(pair.output)]),
      ...question(input),
    ],
    answer,
  }
}

/** A pair to be solved by others: what is trained on. */
export interface Lesson {
  demonstrations: readonly Pair[]
  pair: Pair
}

/** The loss on the held-out output alone, or on everything but the first token. */
export function lessonExample(
  coder: GridCoder,
  { demonstrations, pair }: Lesson,
  loss: 'all' | 'output',
): TrainingExample {
  const prompt = coder.prompt(demonstrations, pair.input)
  return { tokens: [...prompt, ...coder.answer(pair.output)], lossFrom: loss === 'all' ? 1 : prompt.length }
}
