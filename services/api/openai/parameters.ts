// What /v1/chat/completions and /v1/completions have in common: parameters in OpenAI's names. Those that this service
// cannot honour are taken at the value that means nothing and refused otherwise, because an answer that silently ignored
// them would be another answer than the one asked for.
import { z } from 'zod'
import {
  COMPLETION_CHOICES_MAX,
  COMPLETION_TOKENS_DEFAULT,
  COMPLETION_TOKENS_MAX,
} from '../../../shared/completions/completion.ts'
import { modelReferenceDescription } from '../model-reference.ts'

const stopsMax = 16
const stopLengthMax = 200

/** Of all messages or prompts together; what the base can read is counted in tokens by inference. */
export const inputLengthMax = 100_000

const unsupported = { error: 'is not supported here: leave it out' }
export const never = z.null(unsupported).optional()
export const neverTrue = z.literal(false, unsupported).nullish()
export const noneOf = (item: z.ZodType = z.unknown()) => z.array(item).max(0, unsupported).nullish()
const neverSet = z.literal(0, unsupported).nullish()

const stopText = z.string().min(1).max(stopLengthMax)

export const tokensMaxParameter = z
  .number()
  .int()
  .min(1)
  .max(COMPLETION_TOKENS_MAX, `is too large: this service generates at most ${COMPLETION_TOKENS_MAX} tokens a choice`)
  .nullish()

/** Ours to honour. */
export const samplingParameters = {
  model: z.string().default('default').meta({ description: modelReferenceDescription }),
  max_tokens: tokensMaxParameter.meta({ description: `${COMPLETION_TOKENS_DEFAULT} when left out.` }),
  temperature: z.number().min(0).max(2).nullish().meta({
    description:
      '0, the default, says the likeliest: what was learned is a fact, and a small base strays when it draws.',
  }),
  top_p: z.number().min(0).max(1).nullish(),
  n: z.number().int().min(1).max(COMPLETION_CHOICES_MAX).nullish(),
  seed: z.number().int().nullish().meta({
    description: 'The same seed, version and parameters give the same answer while `system_fingerprint` is the same.',
  }),
  stop: z.union([stopText, z.array(stopText).max(stopsMax)]).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z
    .strictObject({ include_usage: z.boolean().nullish(), include_obfuscation: neverTrue })
    .nullish()
    .meta({ description: 'With `include_usage` the last chunk before `[DONE]` says `usage`.' }),
}

/** Accepted where they ask for nothing; `user` and `metadata` are read by nobody. */
export const neutralParameters = {
  frequency_penalty: neverSet,
  presence_penalty: neverSet,
  logit_bias: z.strictObject({}, unsupported).nullish(),
  user: z.string().nullish(),
}

interface Sampling {
  max_tokens?: number | null | undefined
  temperature?: number | null | undefined
  top_p?: number | null | undefined
  n?: number | null | undefined
  seed?: number | null | undefined
  stop?: string | string[] | null | undefined
}

/** As inference is asked. */
export function toSampling({ max_tokens, temperature, top_p, n, seed, stop }: Sampling) {
  return {
    choices: n ?? 1,
    tokensMax: max_tokens ?? null,
    temperature: temperature ?? 0,
    topP: top_p ?? 1,
    // Negative ones are seeds to OpenAI, too; the bits are what counts.
    seed: typeof seed === 'number' ? Math.abs(seed) % 2 ** 31 : null,
    stop: [stop ?? []].flat(),
  }
}
