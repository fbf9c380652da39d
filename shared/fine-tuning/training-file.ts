// A training file: JSON Lines of documents (`{"title", "text"}`), chats (`{"messages"}`) or pairs (`{"prompt",
// "completion"}`), mixed as one likes. Of a chat each answer of the assistant is learned as the answer to the turn of the
// user right before it; earlier turns and the system's are left out, because a self-edit is a question and its answer.
import { isUtf8 } from 'node:buffer'
import { z } from 'zod'
import { createDocumentSchema } from '../documents/document.ts'
import { validateText } from '../documents/validate-text.ts'
import { AppError } from '../errors.ts'
import { parseGivenStudy } from '../self-edits/given-self-edit.ts'

const linesMax = 20_000

export interface Pair {
  prompt: string
  completion: string
}
export type TrainingDocument = z.infer<typeof documentLineSchema>

export interface TrainingFile {
  documents: TrainingDocument[]
  pairs: Pair[]
}

const documentLineSchema = createDocumentSchema
  .omit({ model: true, review: true })
  .extend({ title: z.string().optional() })
  .strict()

const contentSchema = z.union([z.string(), z.array(z.object({ type: z.literal('text'), text: z.string() }))], {
  error: 'must be a string, or parts of the type `text`',
})
const chatLineSchema = z.strictObject({
  messages: z
    .array(
      z.object({
        role: z.enum(['system', 'developer', 'user', 'assistant'], { error: 'must be system, user or assistant' }),
        content: contentSchema,
        /** 0: an answer that is not to be learned. */
        weight: z.union([z.literal(0), z.literal(1)]).nullish(),
      }),
    )
    .min(2),
})
type Chat = z.infer<typeof chatLineSchema>
const pairLineSchema = z.strictObject({ prompt: z.string(), completion: z.string() })

/** Throws `invalid_request` (field `file`) that names the first line that is not right. */
export function parseTrainingFile(bytes: Uint8Array): TrainingFile {
  if (!isUtf8(bytes)) throw invalid('the file is not valid UTF-8: convert it and send it again')
  const file: TrainingFile = { documents: [], pairs: [] }
  const lines = Buffer.from(bytes)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .split('\n')
  if (lines.length > linesMax) throw invalid(`the file has over ${linesMax} lines: split it`)
  for (const [index, line] of lines.entries()) {
    if (line.trim() !== '') inLine(index + 1, () => readLine(line, file))
  }
  if (file.documents.length + file.pairs.length > 0) return file
  throw invalid('the file is empty: send a JSON object a line, {"title", "text"} or {"messages"}')
}

function readLine(line: string, file: TrainingFile): void {
  const value = parseJson(line)
  if ('messages' in value) {
    const pairs = pairsOf(parse(chatLineSchema, value))
    if (pairs.length === 0) throw new Error('holds no answer of the assistant to a turn of the user')
    parseGivenStudy('given', pairs)
    file.pairs.push(...pairs)
  } else if ('prompt' in value || 'completion' in value) {
    const pair = parse(pairLineSchema, value)
    parseGivenStudy('given', [pair])
    file.pairs.push(pair)
  } else if ('text' in value) {
    const document = parse(documentLineSchema, value)
    validateText(document.text)
    file.documents.push(document)
  } else throw new Error('must have `messages`, or `text` (and `title`), or `prompt` and `completion`')
}

function pairsOf({ messages }: Chat): Pair[] {
  return messages.flatMap((message, index) => {
    const before = messages[index - 1]
    if (message.role !== 'assistant' || message.weight === 0 || before?.role !== 'user') return []
    return [{ prompt: textOf(before.content), completion: textOf(message.content) }]
  })
}

function textOf(content: z.infer<typeof contentSchema>): string {
  return typeof content === 'string' ? content : content.map(({ text }) => text).join('')
}

function parse<T>(schema: z.ZodType<T>, value: object): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new Error(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '))
}

function parseJson(line: string): object {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw new Error('is not JSON: each line must be one object')
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new Error('must be a JSON object')
}

function inLine(number: number, read: () => void): void {
  try {
    read()
  } catch (cause) {
    throw invalid(`line ${number}: ${cause instanceof Error ? cause.message : 'cannot be read'}`, cause)
  }
}

function invalid(message: string, cause?: unknown): AppError {
  return new AppError('invalid_request', message, { field: 'file', cause })
}
