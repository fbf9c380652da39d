// The self-edit of the few-shot domain: not text to learn, but how to learn from the demonstrations, as JSON that the model
// writes (SEAL, arXiv 2506.10943). What is not exactly such JSON is a failure with a name: a policy that is rewarded for
// mended configurations would not learn to write whole ones.
import { z } from 'zod'
import type { Tool } from './transforms.ts'

const toolsSchema = z.strictObject({
  use_basic_augmentations: z.boolean(),
  use_size_augmentations: z.boolean(),
  use_chain_augmentations: z.boolean(),
  use_repeat_augmentations: z.boolean(),
})
const trainingSchema = z.strictObject({
  strategy: z.enum(['train_using_all_tokens', 'train_using_output_tokens']),
  learning_rate: z.number().positive().max(1),
  num_train_epochs: z.int().positive(),
})
const configurationSchema = z.strictObject({ data_generation: toolsSchema, training: trainingSchema })

export type Configuration = z.infer<typeof configurationSchema>

/** In the order in which they are asked for. */
export const TOOL_FIELDS = toolsSchema.keyof().options
export const STRATEGIES = trainingSchema.shape.strategy.options

const FIELDS = [...configurationSchema.keyof().options, ...TOOL_FIELDS, ...trainingSchema.keyof().options]

export type ConfigurationFault = 'not_json' | 'not_a_configuration' | 'repeated_field'

export function parseConfiguration(text: string): Configuration | ConfigurationFault {
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    return 'not_json'
  }
  const parsed = configurationSchema.safeParse(content)
  if (!parsed.success) return 'not_a_configuration'
  // JSON.parse takes the last of two and says nothing.
  const repeated = FIELDS.some((field) => text.split(`"${field}"`).length > 2)
  return repeated ? 'repeated_field' : parsed.data
}

const TOOL_OF = {
  use_basic_augmentations: 'basic',
  use_size_augmentations: 'size',
  use_chain_augmentations: 'chain',
  use_repeat_augmentations: 'repeat',
} satisfies Record<(typeof TOOL_FIELDS)[number], Tool>

export const toolsOf = ({ data_generation: chosen }: Configuration): Tool[] =>
  TOOL_FIELDS.filter((field) => chosen[field]).map((field) => TOOL_OF[field])
