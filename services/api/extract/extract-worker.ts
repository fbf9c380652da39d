// The thread in which a file is parsed: what a hostile one does to time and memory ends with the thread. It loads the
// reader of its format alone, because loading is most of the time that a small file takes.
import { parentPort, workerData } from 'node:worker_threads'
import { AppError } from '../../../shared/errors.ts'
import type { ExtractedText, ParsedFormat } from './extracted-text.ts'

export interface ExtractTask {
  format: ParsedFormat
  bytes: Uint8Array
}

export type ExtractOutcome = { text: ExtractedText } | { refusal: string }

const { format, bytes } = workerData as ExtractTask

async function run(): Promise<ExtractOutcome> {
  try {
    switch (format) {
      case 'pdf':
        return { text: await (await import('./read-pdf.ts')).readPdf(bytes) }
      case 'docx':
        return { text: await (await import('./read-docx.ts')).readDocx(bytes) }
      case 'html':
        return { text: (await import('./read-html.ts')).readHtml(new TextDecoder().decode(bytes)) }
    }
  } catch (error) {
    if (error instanceof AppError) return { refusal: error.message }
    return { refusal: `The file cannot be read: ${error instanceof Error ? error.message : 'it is damaged'}.` }
  }
}

parentPort?.postMessage(await run())
