// What a writer says about a document, as self-edits in the order of the readings: earlier passes come first, since the first
// answer to a question is the one that stands.
import type { SelfEdit } from '../../../shared/self-edits/self-edit.ts'
import { planReadings } from './plan-readings.ts'
import type { StudySettings } from './settings.ts'
import type { Writer, Writing, WritingOptions } from './writer.ts'

export interface WriteFreelyOptions extends Pick<WritingOptions, 'onProgress' | 'signal'> {
  /** What was just written, not judged yet. */
  onWritten?: (edits: readonly SelfEdit[]) => void
}

/** Not judged yet. Throws what the writer throws. */
export async function writeFreely(
  writer: Writer,
  document: { title: string; text: string },
  settings: StudySettings,
  { onWritten, ...options }: WriteFreelyOptions,
): Promise<SelfEdit[]> {
  const readings = planReadings(document, settings, writer)
  const tasks = readings.map(({ messages, tokensMax, pass }) => ({ messages, tokensMax, sampling: pass }))
  const told = (at: number, writing: Writing): void => {
    const edits = readings[at]?.read(writing) ?? []
    if (edits.length > 0) onWritten?.(edits)
  }
  const writings = await writer.write(tasks, { ...options, ...(onWritten === undefined ? {} : { onWritten: told }) })
  return readings.flatMap(({ read }, at) => {
    const writing = writings[at] ?? null
    return writing === null ? [] : read(writing)
  })
}
