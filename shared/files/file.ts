// A file as OpenAI's clients know it. It is checked when it comes and kept as it came; a job reads it.
import { z } from 'zod'
import { unixSeconds } from '../unix-seconds.ts'
import type { files } from './files.table.ts'

/** Sixteen megabytes hold a hundred thousand short chats. */
export const fileBytesMax = 16 * 1024 * 1024

export const fileSchema = z.object({
  object: z.literal('file'),
  id: z.string(),
  bytes: z.number().int(),
  created_at: z.number().int(),
  filename: z.string(),
  purpose: z.literal('fine-tune'),
  /** One that cannot be read is refused when it comes. */
  status: z.literal('processed'),
})
export type FileBody = z.infer<typeof fileSchema>

export type FileRow = typeof files.$inferSelect

export function toFileBody({ id, bytes, createdAt, filename }: FileRow): FileBody {
  return {
    object: 'file',
    id,
    bytes,
    created_at: unixSeconds(createdAt),
    filename,
    purpose: 'fine-tune',
    status: 'processed',
  }
}

export function fileKey({ id }: Pick<FileRow, 'id'>): string {
  return `files/${id}.jsonl`
}
