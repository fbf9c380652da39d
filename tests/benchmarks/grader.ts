// `npm run bench:grader`: the built-in grader beside somebody else's verdicts on the same answers; with --judge the long
// golds are graded by the model that JUDGE_URL names, as the trainer does it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { PlainError, reportFailure } from '../../infra/local/setup/plain-error.mjs'
import { createAnswerJudge, type AnswerJudge } from '../../services/monitor/answer-judge.ts'
import { gradeAnswers } from '../../services/monitor/grade-answers.ts'
import { groupBy, measureAgreement, type Agreement, type Figure } from './grader/agreement.ts'

const HELP = `npm run bench:grader -- [flags]

How far the grader agrees with the verdicts in a file: agreement, Cohen's kappa, and bias (share it calls right minus
share the file calls right), each with a 95 % interval over whole questions; in all, and by the length of the gold.

  --data FILE   one row a line: {"question", "gold", "answer", "correct"} (../shared/data/grading/verdicts.jsonl)
  --judge       golds of four and more words go to the chat model at JUDGE_URL (JUDGE_MODEL, JUDGE_API_KEY)
  --rows N      the first N rows only
  --json FILE   write the figures there too
  --help
`

const defaultPath = resolve(import.meta.dirname, '../../../shared/data/grading/verdicts.jsonl')

const rowSchema = z.object({ question: z.string(), gold: z.string(), answer: z.string(), correct: z.boolean() })
type Row = z.infer<typeof rowSchema>

const say = (line: string): void => console.log(line)

async function main(): Promise<void> {
  const { values: flags } = parseArgs({
    options: {
      help: { type: 'boolean', default: false },
      data: { type: 'string', default: defaultPath },
      judge: { type: 'boolean', default: false },
      rows: { type: 'string' },
      json: { type: 'string' },
    },
  })
  if (flags.help) return say(HELP)
  const data = resolve(flags.data)
  const rows = readRows(data).slice(0, flags.rows === undefined ? undefined : wholeNumber('rows', flags.rows))
  const grades = await gradeAnswers(rows, { judge: flags.judge ? openJudge() : null })
  const graded = rows.flatMap((row, index) => {
    const grade = grades[index]
    return grade ? [{ ...row, ours: grade.correct, theirs: row.correct, gradedBy: grade.gradedBy }] : []
  })
  const graders = [...groupBy(graded, ({ gradedBy }) => gradedBy)].map(([name, { length }]) => `${name} ${length}`)
  const parts = [...groupBy(graded, ({ gold }) => lengthOf(gold))]
    .map(([name, part]) => ({ name, ...measureAgreement(part) }))
    .toSorted((a, b) => a.name.localeCompare(b.name))
  const all = { name: 'all', ...measureAgreement(graded) }
  say(`${data}\ngraded by: ${graders.join(', ')}\n`)
  say(toTable([all, ...parts]))
  if (flags.json === undefined) return
  writeFileSync(flags.json, `${JSON.stringify({ data, graders, all, parts }, null, 2)}\n`)
  say(`\nWritten to ${flags.json}`)
}

function lengthOf(gold: string): string {
  const words = (gold.match(/[\p{L}\p{N}]+/gu) ?? []).length
  return words < 4 ? 'golds of up to 3 words' : words < 8 ? 'golds of 4 to 7 words' : 'golds of 8 words and more'
}

function toTable(lines: readonly (Agreement & { name: string })[]): string {
  const heading = ['', 'rows', 'agreement', 'kappa', 'bias']
  const cells = lines.map(({ name, rows, agreement, kappa, bias }) => [
    name,
    String(rows),
    ...[agreement, kappa, bias].map(toCell),
  ])
  return [heading, ['---', '---', '---', '---', '---'], ...cells].map((row) => `| ${row.join(' | ')} |`).join('\n')
}

function toCell({ value, interval }: Figure): string {
  if (value === null) return '-'
  return interval === null
    ? value.toFixed(3)
    : `${value.toFixed(3)} [${interval.low.toFixed(3)}, ${interval.high.toFixed(3)}]`
}

function readRows(path: string): Row[] {
  if (!existsSync(path)) throw new PlainError(`${path} is not there: name another by --data.`)
  const lines = readFileSync(path, 'utf8').split('\n')
  return lines.flatMap((line, index) => (line.trim() === '' ? [] : [parseRow(line, `line ${index + 1} of ${path}`)]))
}

function parseRow(line: string, where: string): Row {
  try {
    return rowSchema.parse(JSON.parse(line))
  } catch (cause) {
    throw new PlainError(`${where} is no row {"question", "gold", "answer", "correct"}.`, { cause })
  }
}

function openJudge(): AnswerJudge {
  const { JUDGE_URL: url, JUDGE_MODEL: model, JUDGE_API_KEY: apiKey } = process.env
  if (!url || !model)
    throw new PlainError('--judge needs JUDGE_URL and JUDGE_MODEL (and JUDGE_API_KEY, if it asks for one).')
  return createAnswerJudge(
    { url, model, apiKey: apiKey === '' ? undefined : apiKey },
    { onGivenUp: (error) => console.error(`The judge fails: ${error.message}`) },
  )
}

function wholeNumber(flag: string, text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value > 0) return value
  throw new PlainError(`--${flag} must be a whole number above 0, not "${text}".`)
}

main().catch(reportFailure)
