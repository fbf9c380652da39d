// What a writer says about a document, as self-edits in the order of the readings: earlier passes come first, since the first
// answer to a question is the one that stands.
import type { SelfEdit } from '../../../shared/self-edits/self-edit.ts'
import { planReadings } from './plan-readings.ts'
import type { StudySettings } from './settings.ts'
import type { Writer } from './writer.ts'

/** Not judged yet. Throws what the writer throws. */
export async function writeFreely(
  writer: Writer,
  document: { title: string; text: string },
  settings: StudySettings,
  options: { onProgress?: (fraction: number) => void; signal?: AbortSignal },
): Promise<SelfEdit[]> {
  const readings = planReadings(document, settings, writer)
  const tasks = readings.map(({ messages, tokensMax, pass }) => ({ messages, tokensMax, sampling: pass }))
  const writings = await writer.write(tasks, options)
  return readings.flatMap(({ read }, at) => {
    const writing = writings[at] ?? null
    return writing === null ? [] : read(writing)
  })
}
