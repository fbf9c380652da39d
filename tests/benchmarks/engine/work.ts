// What every contender is given: training rows and prompts as token ids, cut from real passages and their questions, so
// that all run the same tokens whatever their tokenizers do.
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import type { BaseSource } from '../../../services/engine/base/base-source.ts'
import type { TrainingExample } from '../../../services/engine/engine.ts'
import { closedBookMessages } from '../../../shared/prompts.ts'

export const LORA_RANK = 16

export interface Work {
  /** 8 rows a step of 64 positions, the last quarter of each carrying loss. */
  rows64: TrainingExample[]
  /** One row a step of 512 positions. */
  rows512: TrainingExample[]
  /** Questions in the chat template with the loss on the answer, as the service trains them; lengths differ. */
  answers: TrainingExample[]
  /** 16 prompts of one length. */
  decodePrompts: number[][]
  prefillPrompts: number[][]
}

export interface WorkSizes {
  /** Optimiser steps of one measured round of training. */
  steps: number
  rowsPerStep: number
}

const passages = z.array(
  z.object({ text: z.string(), questions: z.array(z.object({ question: z.string(), answer: z.string() })) }),
)
const DECODE_PROMPT_TOKENS = 64
const PREFILL_TOKENS = 512
const repository = resolve(import.meta.dirname, '../../..')

/** The file to read where the caller names none: real passages where they lie, else those written for the project. */
export function defaultDataFile(): string {
  const pool = resolve(repository, '../shared/data/squad/pool.json')
  return existsSync(pool) ? pool : resolve(repository, 'tests/data/invented.json')
}

export function prepareWork(base: BaseSource, file: string, { steps, rowsPerStep }: WorkSizes): Work {
  const documents = passages.parse(JSON.parse(readFileSync(file, 'utf8')))
  const stream = tokenStream(
    base,
    documents.map(({ text }) => text),
  )
  const questions = documents.flatMap((document) => document.questions)
  if (questions.length === 0) throw new Error(`${file} holds no question`)
  return {
    rows64: cutRows(stream, steps * rowsPerStep, 64),
    rows512: cutRows(stream, steps, 512),
    answers: Array.from({ length: 2 * steps * rowsPerStep }, (_, index) =>
      answerRow(base, questions[index % questions.length] ?? { question: '', answer: '' }),
    ),
    decodePrompts: Array.from({ length: 16 }, () => stream(DECODE_PROMPT_TOKENS)),
    prefillPrompts: [stream(PREFILL_TOKENS), stream(PREFILL_TOKENS)],
  }
}

/** Takes the next tokens of all texts, one after another; begins again at the end. */
function tokenStream(base: BaseSource, texts: readonly string[]): (count: number) => number[] {
  const waiting: number[] = []
  let next = 0
  return (count) => {
    while (waiting.length < count) {
      const tokens = base.tokenizer.encode(texts[next++ % texts.length] ?? '', { addSpecial: false })
      if (tokens.length === 0) throw new Error('the data holds an empty text')
      waiting.push(...tokens)
    }
    return waiting.splice(0, count)
  }
}

function cutRows(stream: (count: number) => number[], rows: number, positions: number): TrainingExample[] {
  // One token more than positions: the last of a row is only predicted.
  return Array.from({ length: rows }, () => ({ tokens: stream(positions + 1), lossFrom: 1 + (positions * 3) / 4 }))
}

function answerRow(base: BaseSource, { question, answer }: { question: string; answer: string }): TrainingExample {
  const asked = closedBookMessages(question)
  const encode = (text: string) => base.tokenizer.encode(text, { addSpecial: false })
  const prompt = encode(base.chatTemplate.render(asked, { addGenerationPrompt: true }))
  const turns = [...asked, { role: 'assistant' as const, content: answer.trim() }]
  // The line break after the end of the turn is the template's, not the answer's.
  const whole = encode(base.chatTemplate.render(turns).trimEnd())
  return { tokens: whole, lossFrom: prompt.length }
}
