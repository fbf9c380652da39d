// Self-edits that the caller sends with a document, from a larger model or by hand: pairs that are trained as they stand,
// or free text with a statement a line, which the study turns into pairs. They are the caller's word, so they are
// checked for form alone; what the trainer drops of them it says with the other self-edits.
import { z } from 'zod'
import { refuseUnreadable } from '../documents/validate-text.ts'
import { AppError } from '../errors.ts'

/** What a document is studied by: the model's own self-edits, those given, or both. */
export const STUDY_MODES = ['own', 'given', 'both'] as const
export type StudyMode = (typeof STUDY_MODES)[number]

export const GIVEN_SELF_EDITS_MAX = 1_000
/** Ten times what a document's budget trains; longer ones would only be stored. */
const bytesMax = { prompt: 4_000, completion: 8_000, text: 100_000 } as const

const pairSchema = z.strictObject({ prompt: z.string(), completion: z.string() })
const freeTextSchema = z.strictObject({ text: z.string() })

export const givenSelfEditSchema = z
  .union([pairSchema, freeTextSchema], {
    error: 'must be {"prompt", "completion"}, or {"text"} with one statement a line, all of them strings',
  })
  .meta({
    id: 'GivenSelfEdit',
    description:
      'Either a pair (the user says `prompt`, the model shall say `completion`), or free text with one statement a line. ' +
      `At most ${bytesMax.prompt}, ${bytesMax.completion} and ${bytesMax.text} bytes.`,
  })
export type GivenSelfEdit = z.infer<typeof givenSelfEditSchema>

/** As it is stored with the document; null there means its own self-edits alone. */
export interface GivenStudy {
  mode: StudyMode
  selfEdits: GivenSelfEdit[]
}

/**
 * The study that a caller asks for; `both` where self-edits are given without a word. Null for the model's own, undefined
 * where nothing is said. Throws `invalid_request` with the field.
 */
export function parseGivenStudy(
  mode: StudyMode | undefined,
  selfEdits: readonly GivenSelfEdit[] | undefined = [],
): GivenStudy | null | undefined {
  if (selfEdits.length === 0) {
    if (mode === undefined || mode === 'own') return mode === 'own' ? null : undefined
    throw new AppError('invalid_request', `study is '${mode}', but no self_edits are given`, { field: 'study' })
  }
  if (mode === 'own')
    throw new AppError('invalid_request', "self_edits are given, but study is 'own': say 'given' or 'both'", {
      field: 'study',
    })
  for (const [index, given] of selfEdits.entries()) validateGiven(given, `self_edits.${index}`)
  return { mode: mode ?? 'both', selfEdits: [...selfEdits] }
}

/** Throws `invalid_request` with the field, which lies under `at`. */
export function validateGiven(given: Partial<Record<keyof typeof bytesMax, string>>, at: string): void {
  for (const [key, value] of Object.entries(given) as [keyof typeof bytesMax, string][]) {
    const field = `${at}.${key}`
    refuseUnreadable(value, field)
    if (value.trim() === '') throw new AppError('invalid_request', `${field} is blank`, { field })
    if (Buffer.byteLength(value, 'utf8') > bytesMax[key])
      throw new AppError('invalid_request', `${field} is over ${bytesMax[key]} bytes: split or shorten it`, { field })
  }
}
