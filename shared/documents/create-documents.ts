// Several documents at once: all are taken or none, each with an update of its own, queued in their order. One update for
// all of them would be lost to the one text among them that nothing can be learned from.
import type { Db } from '../database/database.ts'
import { AppError } from '../errors.ts'
import { countWords } from '../words.ts'
import { createDocument, type CreatedDocument, type CreateDocumentInput } from './create-document.ts'
import { cutText } from './cut-text.ts'

/** Beyond them the transaction would hold its model's row for too long. */
const documentsMax = 500

export interface DocumentToCut {
  input: CreateDocumentInput
  /** Longer texts are cut into documents of about this many words; null: none is. */
  wordsMax: number | null
  /** Where it stands in the request, e.g. `documents.3`. */
  field: string
}

/** Throws what createDocument throws, with the field within the request, and `payload_too_large` for too many. */
export async function createDocuments(db: Db, given: readonly DocumentToCut[]): Promise<CreatedDocument[]> {
  const inputs = given.flatMap((each) => cutDocument(each).map((input) => ({ input, field: each.field })))
  refuseMany(inputs.length)
  return await db.transaction(async (tx) => {
    const created: CreatedDocument[] = []
    for (const { input, field } of inputs) {
      try {
        created.push(await createDocument(tx, input))
      } catch (error) {
        if (!(error instanceof AppError) || error.field === undefined || error.field === 'model') throw error
        throw new AppError(error.code, error.message, { field: `${field}.${error.field}`, cause: error })
      }
    }
    return created
  })
}

function refuseMany(documents: number): void {
  if (documents <= documentsMax) return
  throw new AppError(
    'payload_too_large',
    `these would be ${documents} documents, ${documentsMax} are the most at a time: send fewer, or cut them coarser`,
  )
}

function cutDocument({ input, wordsMax, field }: DocumentToCut): CreateDocumentInput[] {
  if (wordsMax === null) return [input]
  // Before the cutting, which takes seconds for so many.
  refuseMany(Math.ceil(countWords(input.text) / wordsMax))
  const parts = cutText(input.title, input.text, wordsMax)
  if (parts.length === 1) return [input]
  for (const key of ['questions', 'self_edits'] as const)
    if ((input[key] ?? []).length > 0)
      throw new AppError('invalid_request', `the text is cut into ${parts.length} documents, ${key} are for one`, {
        field: `${field}.${key}`,
      })
  return parts.map((part) => ({ ...input, ...part }))
}
