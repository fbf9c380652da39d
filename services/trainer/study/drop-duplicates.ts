// Says of each later copy of a self-edit that it is one. Pairs that word a question differently are wanted (variety is
// what teaches), so only the same words count; the first of two answers to one question stands, as greedy text comes first.
import type { SelfEdit } from '../../../shared/self-edits/self-edit.ts'
import { FREE_FORMATS } from './prompts.ts'
import { wordsOf } from './words.ts'

export function dropDuplicates(edits: readonly SelfEdit[]): SelfEdit[] {
  const answers = new Map<string, string>()
  return edits.map((edit) => {
    if (!edit.kept) return edit
    const prompt = edit.format + ':' + wordsOf(edit.prompt).join(' ')
    const completion = wordsOf(edit.completion).join(' ')
    // Free texts share their prompt by design, and what the caller gives may; there only the same text is a copy.
    const free = edit.origin === 'given' || FREE_FORMATS.some((format) => format === edit.format)
    const whole = `${prompt} = ${completion}`
    const earlier = answers.get(free ? whole : prompt)
    if (earlier === undefined) {
      answers.set(whole, completion)
      if (!answers.has(prompt)) answers.set(prompt, completion)
      return edit
    }
    const reason = earlier === completion ? 'a duplicate' : 'the same question was answered otherwise before'
    return { ...edit, kept: false, reason }
  })
}
