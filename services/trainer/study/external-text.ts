// Texts that others wrote about a document (another model's implications, say) as training rows, in two ways: as SEAL
// trains them, plain text with the loss on every token, and in the chat format, where each statement answers a question.
import { toTrainingExample } from '../../engine/ask.ts'
import type { Engine, TrainingExample } from '../../engine/engine.ts'
import { closedBookMessages } from '../../../shared/prompts.ts'
import type { SelfEdit } from '../../../shared/self-edits/self-edit.ts'
import { parsePairs } from './pairs.ts'
import { recallPrompt } from './prompts.ts'
import { findSpans } from './spans.ts'
import { writeClozes } from './verbatim-edits.ts'

interface Document {
  title: string
  text: string
}

const STATEMENT_WORDS_MIN = 3
/** What follows such a line says nothing about the document. */
const APPENDIX = /^(?:sources?|references?|bibliography|works cited|further reading)\b.{0,20}$/iu

/**
 * The sequences that SEAL trains on (arXiv 2506.10943, its knowledge part): every line of the text under the document's
 * title, a lead-in before item 1 left out, `---` and blank lines parting, and the document itself as the last one. A text
 * of numbered questions and answers is parted before each question. An empty text gives the document alone: the
 * passage-only baseline.
 */
export function sealSequences({ title, text }: Document, selfEdit: string): string[] {
  const asks = /Question\s+\d+:/u.test(selfEdit) && /Answer\s*:/u.test(selfEdit)
  const lines = asks ? selfEdit.split(/\n(?=Question\s+\d+:)/u) : selfEdit.split(/---|\n/u)
  const parts = lines.map((line) => line.trim()).filter((line) => line !== '')
  const withoutLeadIn = !asks && parts[1]?.startsWith('1.') === true ? parts.slice(1) : parts
  return [...withoutLeadIn, text.trim()].map((part) => `${title}\n${part}`)
}

/**
 * Training rows of plain texts: the loss is on every token but the first, which nothing precedes. The end of text stands
 * once behind each (SEAL pads its rows to 2,048 tokens with it and keeps the pads in the loss; they teach the same end
 * again and again). Rows are cut at the base's context, as SEAL cuts them.
 */
export function plainRows(engine: Engine, sequences: readonly string[]): TrainingExample[] {
  const end = engine.tokenizer.endIds.slice(0, 1)
  return sequences
    .map((sequence) => [...engine.tokenizer.encode(sequence, { addSpecial: true }), ...end])
    .filter((tokens) => tokens.length > 1)
    .map((tokens) => ({ tokens: tokens.slice(0, engine.base.config.positionsMax), lossFrom: 1 }))
}

/** Training rows of the same text in the chat format: what `textEdits` makes of it, asked closed-book. */
export function chatRows(engine: Engine, title: string, text: string): TrainingExample[] {
  return textEdits(title, text).map(({ prompt, completion }) =>
    toTrainingExample(engine, closedBookMessages(prompt), completion),
  )
}

/**
 * Self-edits of a free text: its question-answer pairs where it is written as such, else each statement, recalled by what
 * it is about, and its names and numbers blanked out, since a statement that only answers "what is known" is
 * hardly found again by a question. Source `statement N`.
 */
export function textEdits(title: string, text: string): SelfEdit[] {
  const pairs = parsePairs(text)
  if (pairs.length > 0)
    return pairs.map(({ question, answer }, at) => made('question_answer', question, answer, `statement ${at + 1}`))
  return splitStatements(text).flatMap((statement, at) => {
    const source = `statement ${at + 1}`
    const about = findSpans(statement).find(({ kind }) => kind !== 'phrase')
    const prompt =
      about === undefined ? recallPrompt('implication', title, source) : `${title}. What is said about ${about.text}?`
    return [
      made('implication', prompt, statement, source),
      ...writeClozes(title, statement).map((cloze) => ({ ...cloze, origin: 'given' as const, source })),
    ]
  })
}

/** One statement a line, without list marks, bold marks, headings, lead-ins (`Here are ...:`) and lists of sources. */
export function splitStatements(text: string): string[] {
  const statements = new Set<string>()
  for (const line of text.split(/\r\n?|[\n\u2028\u2029]/u)) {
    const bare = line.replace(/\*\*|__/gu, '').trim()
    if (/^#/u.test(bare) || /^[-*_=]{3,}$/u.test(bare)) continue
    if (APPENDIX.test(bare)) break
    const statement = bare.replace(/^(?:[-*•–]\s+|\(?\d{1,3}[.):]\s+|\(?[a-z]\)\s+)+/u, '').trim()
    if (statement.endsWith(':') || statement.split(/\s+/u).length < STATEMENT_WORDS_MIN) continue
    statements.add(statement)
  }
  return [...statements]
}

function made(format: SelfEdit['format'], prompt: string, completion: string, source: string): SelfEdit {
  return { origin: 'given', format, prompt, completion, source, kept: true, heldOut: false, reason: null }
}
