// What the model is asked while it studies. Short, and the same in the study adapter's training as in its use: a changed
// word here asks for a new study adapter (`recipe.json` beside it holds the hash of these prompts).
import type { PromptMessage } from '../../../shared/prompts.ts'
import type { SelfEditFormat } from '../../../shared/self-edits/self-edit.ts'

const SYSTEM = 'Study the text.'

/** Formats that a model writes; the others are made from the text itself. */
export type WrittenFormat = Exclude<SelfEditFormat, 'cloze' | 'restatement'>
/** Of these, those that are statements rather than pairs. */
export type FreeFormat = Exclude<WrittenFormat, 'question_answer'>
export const FREE_FORMATS: readonly FreeFormat[] = ['rewrite', 'implication', 'implication_long']

const TASKS: Record<WrittenFormat, string> = {
  question_answer: 'Write questions with short answers.',
  rewrite: 'Say the same in other words.',
  implication: 'List what follows from it, one statement a line.',
  implication_long: 'Make a long list of what follows from it, directly or indirectly, one full statement a line.',
}

/** The title stands first: windows of one sentence are full of pronouns that only it resolves. */
export function studyMessages(format: WrittenFormat, title: string, text: string): PromptMessage[] {
  return messagesFor(title, text, TASKS[format])
}

/** Asks for the one question whose answer is given: the answer cannot be invented, only the question can be bad. */
export function questionForMessages(title: string, text: string, answer: string): PromptMessage[] {
  return messagesFor(title, text, `Write a question with the answer: ${answer}`)
}

/** What a rewriting or an implication is trained as an answer to, once the text is out of sight. */
export function recallPrompt(format: FreeFormat, title: string, part: string): string {
  const about = part === 'passage' ? title : `${title} (${part})`
  return format === 'rewrite' ? `What is known about ${about}?` : `What follows from what is known about ${about}?`
}

function messagesFor(title: string, text: string, task: string): PromptMessage[] {
  return [
    { role: 'system', content: SYSTEM },
    { role: 'user', content: `${title.trim()}\n${text.trim()}\n\n${task}` },
  ]
}
