// What the API asks inference to complete, and the events it answers with, one JSON line each: `start` once the version is
// open and its adapters are loaded, `piece` as text grows, `end` for each choice. It is always a stream; who wants the
// whole puts it together.
import { z } from 'zod'

/** What an answer may have when its length is not said, and the most it may be asked for: others wait meanwhile. */
export const COMPLETION_TOKENS_DEFAULT = 256
export const COMPLETION_TOKENS_MAX = 1_024
/** Inputs times choices: two batches of the engine. */
export const COMPLETION_CHOICES_MAX = 32
export const ALTERNATIVES_MAX = 20

const messageSchema = z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })

export const completionRequestSchema = z.object({
  /** A model's name. */
  model: z.string(),
  /** Null asks the head. */
  version: z.number().int().min(0).nullable(),
  /** Conversations through the base's chat template, or texts (as token ids, too) as they are. */
  inputs: z
    .array(
      z.union([
        z.object({ messages: z.array(messageSchema).min(1) }),
        z.object({ prompt: z.union([z.string(), z.array(z.number().int().min(0))]) }),
      ]),
    )
    .min(1),
  /** Choices for each input; they are numbered input by input. */
  choices: z.number().int().min(1),
  /** Null: the default, or as much as the context has room for. */
  tokensMax: z.number().int().min(1).max(COMPLETION_TOKENS_MAX).nullable(),
  temperature: z.number().min(0),
  topP: z.number().min(0).max(1),
  /** Null draws one. */
  seed: z.number().int().min(0).nullable(),
  stop: z.array(z.string().min(1)),
  /** Null: pieces come without their tokens. */
  alternatives: z.number().int().min(0).max(ALTERNATIVES_MAX).nullable(),
})
export type CompletionRequest = z.infer<typeof completionRequestSchema>
export type CompletionInput = CompletionRequest['inputs'][number]

const tokenSchema = z.object({ text: z.string(), logprob: z.number() })
const drawnTokenSchema = tokenSchema.extend({ alternatives: z.array(tokenSchema) })
export type CompletionToken = z.infer<typeof drawnTokenSchema>

const startSchema = z.object({
  type: z.literal('start'),
  version: z.number().int(),
  /** Of the base: answers of the same seed agree as long as it does. */
  base: z.string(),
  documents: z.array(z.object({ id: z.string(), title: z.string(), score: z.number() })),
  /** Of all inputs. */
  promptTokens: z.number().int(),
})
export type CompletionStart = z.infer<typeof startSchema>

const pieceSchema = z.object({
  type: z.literal('piece'),
  choice: z.number().int(),
  text: z.string(),
  tokens: z.array(drawnTokenSchema),
})
export type CompletionPiece = z.infer<typeof pieceSchema>

const endSchema = z.object({
  type: z.literal('end'),
  choice: z.number().int(),
  finish: z.enum(['stop', 'length']),
  /** Tokens that were generated, the one that ended it included. */
  tokens: z.number().int(),
})
export type CompletionEnd = z.infer<typeof endSchema>

/** What broke it off after it had begun. */
const errorSchema = z.object({ type: z.literal('error'), code: z.string(), detail: z.string() })

export const completionEventSchema = z.discriminatedUnion('type', [startSchema, pieceSchema, endSchema, errorSchema])
export type CompletionEvent = z.infer<typeof completionEventSchema>
