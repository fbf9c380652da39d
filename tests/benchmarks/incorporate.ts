// `npm run bench:incorporate`: documents through a running service, over HTTP, one after another. What counts is asked of
// the service itself: right answers of base and version as its monitor measured them, and the same questions open-book.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { PlainError, reportFailure } from '../../infra/local/setup/plain-error.mjs'
import { grade } from '../../services/monitor/grade.ts'
import type { Update } from '../../shared/updates/update.ts'
import { inventedPath } from '../data/invented.ts'
import { createClient, followUpdate, RequestError, type Client } from '../support/client.ts'
import { showProgress } from './incorporate/progress.ts'
import { heading, toLine, toMatrix, toSummary, summarise, type Outcome } from './incorporate/report.ts'

const HELP = `npm run bench:incorporate -- [flags]

Posts passages with their questions to a running service, one after another, and says of each how many of its questions
the base answers, the new version (closed-book, from the weights) and the base with the passage before it (open-book),
with trained tokens and seconds; at the end the retention matrix. About a minute a document on two quiet cores.

  --documents N   passages to post (10)
  --data FILE     [{title, text, questions: [{question, answer}]}] (../shared/data/squad/pool.json, else
                  tests/data/invented.json)
  --from N        the first of them (700 of pool.json: those that nothing was trained on; else 0)
  --url URL       of the service (http://127.0.0.1:8787)
  --key KEY       (PALIMPSEST_API_KEY, else .palimpsest/api-key)
  --json FILE     write everything there too
  --help
`

const repository = resolve(import.meta.dirname, '../..')
const poolPath = resolve(repository, '../shared/data/squad/pool.json')
/** Passages before this one trained the study adapter. */
const poolFrom = 700

const passageSchema = z.object({
  title: z.string(),
  text: z.string(),
  questions: z.array(z.object({ question: z.string(), answer: z.string() })),
})
type Passage = z.infer<typeof passageSchema>

const say = (line: string): void => console.log(line)

async function main(): Promise<void> {
  const { values: flags } = parseArgs({
    options: {
      help: { type: 'boolean', default: false },
      documents: { type: 'string', default: '10' },
      data: { type: 'string' },
      from: { type: 'string' },
      url: { type: 'string', default: 'http://127.0.0.1:8787' },
      key: { type: 'string' },
      json: { type: 'string' },
    },
  })
  if (flags.help) return say(HELP)
  const data = resolve(flags.data ?? defaultData())
  const from = count('from', flags.from ?? (data === poolPath ? String(poolFrom) : '0'), 0)
  const passages = readPassages(data, from, count('documents', flags.documents, 1))
  const url = flags.url.replace(/\/+$/, '')
  const client = createClient(url, flags.key ?? process.env['PALIMPSEST_API_KEY'] ?? findKey())
  await requireService(client, url)
  await warnOfOlderDocuments(client)

  const loadBefore = loadavg()[0] ?? 0
  const processor = `${cpus()[0]?.model.trim() ?? 'unknown'}, ${availableParallelism()} cores`
  say(`${passages.length} documents from ${data}, ${url}, ${processor}, load ${loadBefore.toFixed(1)}\n\n${heading}`)
  const outcomes: Outcome[] = []
  for (const [index, passage] of passages.entries()) {
    const outcome = await incorporate(client, passage, `${index + 1}/${passages.length} ${passage.title}`)
    outcomes.push(outcome)
    say(toLine(index, outcome))
  }
  const retention = await client.getRetention('default')
  const summary = summarise(outcomes, retention)
  say(`\nRetention: right answers of all, a row for each version\n${toMatrix(retention)}\n\n${toSummary(summary)}`)
  if (flags.json === undefined) return
  const report = { url, data, from, processor, loadBefore, at: new Date().toISOString(), summary, outcomes, retention }
  writeFileSync(flags.json, `${JSON.stringify(report, null, 2)}\n`)
  say(`\nWritten to ${flags.json}`)
}

async function incorporate(client: Client, { title, text, questions }: Passage, label: string): Promise<Outcome> {
  const started = performance.now()
  const { id, update_id: updateId, state } = await client.postDocument({ title, text, questions })
  const known = state === 'promoted'
  const progress = showProgress(label)
  const update = await followUpdate(client, updateId, (now) => progress.show(now))
  const seconds = (performance.now() - started) / 1000
  const openBook = update.state === 'promoted' ? await countOpenBook(client, questions) : null
  progress.end()
  return { id, title, known, seconds, openBook, questions: questions.length, update: pick(update) }
}

function pick({ id, state, version, learned, retained, trained_tokens, timings_ms, attempts, verdict, error }: Update) {
  return { id, state, version, learned, retained, trained_tokens, timings_ms, attempts, verdict, error }
}

/**
 * Right answers of the base with the passage that retrieval finds before it, among the documents learned so far; null
 * where the passages are longer than the base can read.
 */
async function countOpenBook(client: Client, questions: Passage['questions']): Promise<number | null> {
  try {
    const answers = await Promise.all(questions.map(({ question }) => client.ask(question, { mode: 'open_book' })))
    return questions.filter(({ question, answer }, row) => grade(question, answer, answers[row]?.answer ?? '')).length
  } catch (error) {
    if (error instanceof RequestError && error.status === 400) return null
    throw error
  }
}

function defaultData(): string {
  if (existsSync(poolPath)) return poolPath
  say(`${poolPath} is absent, so the documents written for this project are used; --data names others.`)
  return inventedPath
}

function readPassages(path: string, from: number, documents: number): Passage[] {
  if (!existsSync(path)) throw new PlainError(`${path} is not there: name another by --data.`)
  const parsed = z.array(passageSchema).safeParse(JSON.parse(readFileSync(path, 'utf8')))
  if (!parsed.success) throw new PlainError(`${path} is no list of passages with title, text and questions.`)
  const passages = parsed.data.slice(from, from + documents)
  if (passages.length === 0) throw new PlainError(`${path} has ${parsed.data.length} passages, none from ${from} on.`)
  if (passages.length < documents) say(`${path} has only ${passages.length} passages from ${from} on.`)
  return passages
}

function findKey(): string {
  const path = join(repository, '.palimpsest', 'api-key')
  if (existsSync(path)) return readFileSync(path, 'utf8').trim()
  throw new PlainError(`No key: ${path} is not there. Start the service ("npm start"), or give its key by --key.`)
}

async function requireService(client: Client, url: string): Promise<void> {
  try {
    await client.getModel('default')
  } catch (error) {
    if (error instanceof RequestError && error.status === 401)
      throw new PlainError(`${url} does not know this key: give the one that "npm start" printed by --key.`)
    if (error instanceof RequestError) throw new PlainError(`${url} is not ready: ${error.message}`)
    throw new PlainError(`No service answers at ${url}. Run "npm start" in another terminal, or name one by --url.`, {
      cause: error,
    })
  }
}

async function warnOfOlderDocuments(client: Client): Promise<void> {
  const { documents } = await client.getRetention('default')
  if (documents.length === 0) return
  say(
    `The model "default" already holds ${documents.length} documents: their questions are asked again after every update, ` +
      'and the router chooses among them too. For figures of these documents alone start a service of its own: ' +
      '"npm start -- --home FOLDER --port N", then --url and --key.\n',
  )
}

function count(flag: string, text: string, least: number): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= least) return value
  throw new PlainError(`--${flag} must be a whole number of at least ${least}, not "${text}".`)
}

main().catch(reportFailure)
