// A file too large to go through the API: its sender puts it into the object store by an address that is signed for this
// one object, and then says that it is there.
import { z } from 'zod'
import type { PresignedPut } from '../registry/object-store.ts'
import { unixSeconds } from '../unix-seconds.ts'
import type { uploads } from './uploads.table.ts'

/** A book of a thousand pages with pictures; what is read of it is text. */
const uploadBytesMax = 64 * 1024 * 1024
export const uploadSeconds = 900

export const uploadInputSchema = z.strictObject({
  filename: z.string().min(1).max(255),
  bytes: z.number().int().min(1).max(uploadBytesMax).meta({ description: 'The exact size of the file.' }),
  media_type: z.string().max(255).default('').meta({ description: 'What it is, where its name does not say it.' }),
  model: z.string().default('default').meta({ description: 'The model that shall learn it.' }),
})

export const uploadSchema = z.object({
  object: z.literal('upload'),
  id: z.string(),
  model: z.string(),
  filename: z.string(),
  bytes: z.number().int(),
  /** Send the file's bytes by PUT to `url` with these headers. */
  url: z.string(),
  method: z.literal('PUT'),
  headers: z.record(z.string(), z.string()),
  created_at: z.number().int(),
  expires_at: z.number().int(),
})
export type UploadBody = z.infer<typeof uploadSchema>
export type UploadRow = typeof uploads.$inferSelect

export function uploadKey(id: string): string {
  return `uploads/${id}`
}

export function toUploadBody(row: UploadRow, model: string, { url, headers }: PresignedPut): UploadBody {
  const created = unixSeconds(row.createdAt)
  return {
    ...{ object: 'upload', id: row.id, model, filename: row.filename, bytes: row.bytes, url, method: 'PUT', headers },
    ...{ created_at: created, expires_at: created + uploadSeconds },
  }
}
