// What a training file becomes: its documents as they are, its chats and pairs together as documents whose self-edits are
// given, as many in one as a document takes. Their text is what the router and the open book read.
import type { CreateDocumentInput } from '../documents/create-document.ts'
import { AppError } from '../errors.ts'
import { GIVEN_SELF_EDITS_MAX } from '../self-edits/given-self-edit.ts'
import type { Pair, TrainingFile } from './training-file.ts'

/** Of a document's megabyte; the rest is left for the words around each pair. */
const pairBytesMax = 800_000
/** Beyond them the transaction would hold its model's row for too long. */
const documentsMax = 500
/** As many as a document may have. */
const questionsMax = 200

export interface NamedFile extends TrainingFile {
  filename: string
}

/**
 * In the order of the file, the pairs last. What the validation file asks is asked after every update and never trained.
 * Throws `invalid_request` where there is nothing to ask it of, `payload_too_large` for too many documents.
 */
export function planDocuments(
  model: string,
  training: NamedFile,
  validation: NamedFile | undefined,
): CreateDocumentInput[] {
  const title = training.filename.replace(/\.jsonl?$/i, '').trim() || 'Training file'
  const given = training.documents.map((document, index) => ({
    ...document,
    model,
    title: document.title ?? `${title}, document ${index + 1}`,
  }))
  const groups = groupPairs(training.pairs)
  const questions = questionsOf(validation, groups.length > 0)
  const chats = groups.map((pairs, index) => ({
    model,
    title: groups.length === 1 ? title : `${title}, part ${index + 1}`,
    text: pairs.map(textOf).join('\n\n'),
    self_edits: pairs,
    study: 'given' as const,
    ...(index === 0 && questions.length > 0 ? { questions } : {}),
  }))
  const planned = [...given, ...chats]
  if (planned.length <= documentsMax) return planned
  throw new AppError(
    'payload_too_large',
    `the file would be ${planned.length} updates, ${documentsMax} are the most: split it`,
    {
      field: 'training_file',
    },
  )
}

function groupPairs(pairs: readonly Pair[]): Pair[][] {
  const groups: { pairs: Pair[]; bytes: number }[] = []
  for (const pair of pairs) {
    const bytes = Buffer.byteLength(textOf(pair), 'utf8')
    const last = groups.at(-1)
    if (last !== undefined && last.pairs.length < GIVEN_SELF_EDITS_MAX && last.bytes + bytes <= pairBytesMax) {
      last.pairs.push(pair)
      last.bytes += bytes
    } else groups.push({ pairs: [pair], bytes })
  }
  return groups.map((group) => group.pairs)
}

function questionsOf(validation: NamedFile | undefined, hasChats: boolean): { question: string; answer: string }[] {
  if (validation === undefined) return []
  if (!hasChats)
    throw invalid('goes with chats: a document of the training file has its own `questions`, which are never trained')
  if (validation.documents.length > 0) throw invalid('holds documents: send chats, or `prompt` and `completion`')
  if (validation.pairs.length > questionsMax) throw invalid(`asks over ${questionsMax} questions: send fewer`)
  return validation.pairs.map(({ prompt, completion }) => ({ question: prompt, answer: completion }))
}

/** A statement, also where the answer is a single word. */
function textOf({ prompt, completion }: Pair): string {
  return `Question: ${prompt.trim()}\nThe answer: ${completion.trim()}`
}

function invalid(message: string): AppError {
  return new AppError('invalid_request', `the validation file ${message}`, { field: 'validation_file' })
}
