// How the model is asked for a self-edit: the demonstrations, then the decisions and the JSON they are given in, as in
// SEAL's few-shot prompt (arXiv 2506.10943). Two things are otherwise, for a base of 135M that talked about the examples
// instead: two answers stand where SEAL has dots, and the form of the answer is held by constrained decoding.
import type { Adapter } from '../../engine/adapter/adapter.ts'
import { promptTokens } from '../../engine/ask.ts'
import type { Engine } from '../../engine/engine.ts'
import type { Form } from '../../engine/generate/form.ts'
import type { ChatMessage } from '../../engine/tokenizer/chat-template.ts'
import { STRATEGIES, TOOL_FIELDS } from './configuration.ts'
import { formatGrid } from './grid.ts'
import type { Pair } from './task.ts'

const example = (tools: readonly boolean[], strategy: string, rate: number, epochs: number) => ({
  data_generation: Object.fromEntries(TOOL_FIELDS.map((field, index) => [field, tools[index]])),
  training: { strategy, learning_rate: rate, num_train_epochs: epochs },
})

const ASKED = `Configure how a model is trained on variants of the examples above.

Data generation: for each tool choose true or false.
- use_basic_augmentations: rotations and reflections
- use_size_augmentations: larger grids
- use_chain_augmentations: a rotation or reflection, then a larger grid
- use_repeat_augmentations: the grid repeated

Training: choose the strategy, "train_using_all_tokens" or "train_using_output_tokens", and set learning_rate (a number) and num_train_epochs (a whole number).

Answer with one JSON object and nothing else, like one of these:
${JSON.stringify(example([true, false, false, true], 'train_using_output_tokens', 0.0005, 2))}
${JSON.stringify(example([false, true, true, false], 'train_using_all_tokens', 0.002, 1))}`

export function configurationMessages(demonstrations: readonly Pair[]): ChatMessage[] {
  const examples = demonstrations.map(
    ({ input, output }, index) => `Example ${index + 1}\ninput:\n${formatGrid(input)}output:\n${formatGrid(output)}`,
  )
  return [
    { role: 'system', content: 'You give the requested output at once, without explanation.' },
    { role: 'user', content: [...examples, ASKED].join('\n') },
  ]
}

/** JSON as the examples have it. The decisions are the model's, and so are mistakes among them: epochs of 0, say. */
const FORM: Form = [
  ...TOOL_FIELDS.flatMap((field, index): Form => [
    index === 0 ? `{"data_generation":{"${field}":` : `,"${field}":`,
    { oneOf: ['true', 'false'] },
  ]),
  ...['},"training":{"strategy":"', { oneOf: STRATEGIES }],
  ...['","learning_rate":0.', { digits: 6 }, ',"num_train_epochs":', { digits: 2 }, '}}'],
]

const SAMPLING = { temperature: 1, tokensMax: 160, form: FORM }

/** Whole answers, unread; the same seed gives the same. They are empty where the prompt fills the context. */
export async function askForConfigurations(
  engine: Engine,
  policy: Adapter | null,
  demonstrations: readonly Pair[],
  { count, seed }: { count: number; seed: number },
): Promise<string[]> {
  const prompt = promptTokens(engine, configurationMessages(demonstrations))
  const texts = Array.from({ length: count }, () => '')
  if (prompt.length + SAMPLING.tokensMax > engine.base.config.positionsMax) return texts
  const written = await engine.generate(
    texts.map(() => prompt),
    { ...SAMPLING, adapter: policy, seed },
  )
  return written.map(({ text }) => text)
}
