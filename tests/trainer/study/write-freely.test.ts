import { expect, test } from 'vitest'
import { STUDY_SETTINGS } from '../../../services/trainer/study/settings.ts'
import { writeFreely } from '../../../services/trainer/study/write-freely.ts'
import type { Writer, Writing } from '../../../services/trainer/study/writer.ts'
import type { SelfEdit } from '../../../shared/self-edits/self-edit.ts'

/** Writes the same for every task, the last task first, and one that it cannot read. */
const backwards: Writer = {
  origin: 'generator',
  promptFor: (_format, _title, text) => [{ role: 'user', content: text }],
  questionPromptFor: (_title, _text, answer) => [{ role: 'user', content: answer }],
  async write(tasks, { onWritten }) {
    const writing: Writing = { text: 'Q: What does the lamp burn?\nA: oil', cutOff: false }
    for (const task of [...tasks.keys()].slice(1).reverse()) onWritten?.(task, writing)
    return tasks.map((_, task) => (task === 0 ? null : writing))
  },
}

test('what is told while it is written is what comes of it in the end', async () => {
  const told: SelfEdit[] = []
  const document = { title: 'Varn', text: 'The lamp of Varn burns oil. It was built by Ilse Marrow in 1871.' }
  const edits = await writeFreely(backwards, document, STUDY_SETTINGS, { onWritten: (some) => told.push(...some) })
  const sorted = (list: readonly SelfEdit[]) => list.map((edit) => JSON.stringify(edit)).sort()
  expect(edits.length).toBeGreaterThan(1)
  expect(sorted(told)).toEqual(sorted(edits))
})
