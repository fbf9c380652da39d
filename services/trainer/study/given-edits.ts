// Self-edits that the caller gave, as the study takes them: a pair as it stands, free text by its statements. They are not
// judged for faithfulness, since the caller may know more than the document says; only what cannot be trained, or would
// train the very questions that measure, is dropped.
import type { Question } from '../../../shared/documents/document.ts'
import type { GivenSelfEdit } from '../../../shared/self-edits/given-self-edit.ts'
import type { SelfEdit } from '../../../shared/self-edits/self-edit.ts'
import { textEdits } from './external-text.ts'
import { wordsOf } from './words.ts'

/** Sources count what was given: `given 2`, and `given 2, statement 3` within a free text. */
export function writeGiven(title: string, given: readonly GivenSelfEdit[], questions: readonly Question[]): SelfEdit[] {
  const asked = new Set(questions.map(({ question }) => sameWords(question)))
  return given
    .flatMap((item, at) => editsOf(title, item, `given ${at + 1}`))
    .map((edit) =>
      asked.has(sameWords(edit.prompt)) ? { ...edit, kept: false, reason: 'it asks what measures the document' } : edit,
    )
}

function editsOf(title: string, item: GivenSelfEdit, source: string): SelfEdit[] {
  if ('text' in item)
    return textEdits(title, item.text).map((edit) => ({ ...edit, source: `${source}, ${edit.source}` }))
  const { prompt, completion } = item
  return [
    {
      origin: 'given',
      format: 'question_answer',
      prompt: prompt.trim(),
      completion: completion.trim(),
      source,
      kept: true,
      heldOut: false,
      reason: null,
    },
  ]
}

function sameWords(question: string): string {
  return wordsOf(question).join(' ')
}
