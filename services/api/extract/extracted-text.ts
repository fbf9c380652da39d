// What is got out of a file, by whatever format; and what is said where nothing can be got.
import { AppError } from '../../../shared/errors.ts'

export interface ExtractedText {
  /** By the file's own word; null where it has none. */
  title: string | null
  /** Paragraphs parted by empty lines, headings marked with `#`. */
  text: string
}

export interface UploadedFile {
  /** As the sender calls it. */
  name: string
  /** Its media type by the sender's word; empty where nothing is said. */
  type: string
  bytes: Uint8Array
}

/** The formats that are read in a thread of their own, and what it is handed. */
export type ParsedFormat = 'pdf' | 'docx' | 'html'

export function unreadable(message: string, cause?: unknown): AppError {
  return new AppError('unprocessable_document', message, cause === undefined ? {} : { cause })
}
