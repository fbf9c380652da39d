// Documents on their way to the chosen model. A text that is longer than one update learns well becomes several documents,
// cut at headings and paragraphs by the service; a text with questions of its own stays whole, since they are about all of it.
import { call } from './call.ts'
import { chosenModel } from './chosen-model.ts'
import type { Document, Page } from './types.ts'

/** What the token budget of one update is made for; the service's own for files. */
export const partWords = 600
/** One request carries so much. */
export const uploadBytesMax = 16 * 1024 * 1024
export const filesMax = 20
/** What the service can read. */
export const fileNames = ['.pdf', '.docx', '.html', '.htm', '.md', '.markdown', '.txt'] as const

export interface TextToGive {
  title: string
  text: string
  questions: readonly { question: string; answer: string }[]
  review: boolean
}

/** The documents that became of it. Throws CallError. */
export async function giveText({ questions, ...rest }: TextToGive): Promise<Document[]> {
  const whole = questions.length > 0
  const body = {
    model: chosenModel.value,
    documents: [whole ? { ...rest, questions } : rest],
    ...(whole ? {} : { chunk_words: partWords }),
  }
  return await post('/v1/documents/batch', body)
}

/** An empty `title` leaves each file its own. Throws CallError. */
export async function giveFiles(files: readonly File[], title: string, review: boolean): Promise<Document[]> {
  const form = new FormData()
  form.set('model', chosenModel.value)
  form.set('review', String(review))
  if (title !== '') form.set('title', title)
  for (const file of files) form.append('file', file)
  return await post('/v1/documents/upload', form)
}

async function post(path: string, body: object): Promise<Document[]> {
  const headers = { 'Idempotency-Key': drawKey() }
  return (await call<Page<Document>>('POST', path, { body, headers })).data
}

/** `crypto.randomUUID` is kept from pages that come by plain http from another machine. */
function drawKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
