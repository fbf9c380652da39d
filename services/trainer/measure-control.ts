// The control questions asked of the parent and of the candidate, each as the version would answer it: by the adapters that
// its route leads to, or by the base. What the base says is the reference; what is compared is how likely it is under
// either. Where both versions answer by the same adapters nothing can differ and nothing is asked, which is nearly all
// of a routed model's updates.
import type { ObjectStore } from '../../shared/registry/object-store.ts'
import { adaptersKey, groupByAdapters, pickAdapters, type RoutedVersion } from '../../shared/router/pick-adapters.ts'
import { closedBookMessages } from '../../shared/prompts.ts'
import type { ManifestAdapter } from '../../shared/versions/manifest.ts'
import type { Adapter } from '../engine/adapter/adapter.ts'
import { promptTokens } from '../engine/ask.ts'
import type { Engine, ScoreRow } from '../engine/engine.ts'
import { CONTROL_QUESTIONS, type ControlQuestion } from '../monitor/control-questions.ts'
import type { ProbeChange } from '../monitor/question-losses.ts'
import { loadSum } from './load-adapters.ts'

/** A word or two, before a version's own way to go on decides. */
const ANSWER_TOKENS_MAX = 4
const ANSWER_ENDS = ['.', ',', ';', '!', '?', '\n']

/** `correct`: it says what the base says. */
type ControlAnswer = ProbeChange['before']

interface ControlParts {
  engine: Engine
  store: ObjectStore
  trained: ReadonlyMap<string, Adapter>
}

/** What has been measured, by adapters and question: for one update, whose candidate may be asked at several scales. */
export type ControlMemory = Map<string, ControlAnswer>

const references = new WeakMap<Engine, Promise<ScoreRow[]>>()

/** One change a control question, in their order; each counts as a document. Throws `adapter_unavailable`. */
export async function measureControl(
  parts: ControlParts,
  {
    before,
    after,
    memory,
    signal,
  }: { before: RoutedVersion; after: RoutedVersion; memory: ControlMemory; signal: AbortSignal },
): Promise<ProbeChange[]> {
  const asked = CONTROL_QUESTIONS.map(({ question }) => ({
    before: pickAdapters(before.manifest, before.router, question),
    after: pickAdapters(after.manifest, after.router, question),
  }))
  const differs = asked.map((entries) => adaptersKey(entries.before) !== adaptersKey(entries.after))
  for (const side of ['before', 'after'] as const)
    await answerAll(
      parts,
      asked.map((entries, index) => (differs[index] ? entries[side] : null)),
      { memory, signal },
    )
  return asked.map((entries, index) => {
    const unchanged = { correct: true, logprob: 0 }
    const answer = (side: 'before' | 'after') => memory.get(`${index} ${adaptersKey(entries[side])}`) ?? unchanged
    const id = `control ${index + 1}`
    return {
      ...{ documentId: id, probeId: id },
      before: differs[index] ? answer('before') : unchanged,
      after: differs[index] ? answer('after') : unchanged,
    }
  })
}

/** Fills the memory with the answers of these adapters, a list a question; null: not asked. */
async function answerAll(
  parts: ControlParts,
  entriesOf: readonly (readonly ManifestAdapter[] | null)[],
  { memory, signal }: { memory: ControlMemory; signal: AbortSignal },
): Promise<void> {
  const asked = entriesOf.flatMap((entries, index) =>
    entries === null || memory.has(`${index} ${adaptersKey(entries)}`) ? [] : [{ entries, index }],
  )
  if (asked.length === 0) return
  const rows = await referencesOf(parts.engine)
  for (const { entries, items } of groupByAdapters(asked, (item) => item.entries)) {
    const indexes = items.map(({ index }) => index)
    const adapter = await loadSum(parts, entries)
    const own = indexes.flatMap((index) => rows[index] ?? [])
    const scores = await parts.engine.score(own, { adapter, signal })
    const said = await sayNext(
      parts.engine,
      own.map(({ prompt }) => prompt),
      adapter,
      signal,
    )
    signal.throwIfAborted()
    indexes.forEach((index, row) => {
      const correct = said[row]?.join() === own[row]?.answer.join()
      memory.set(`${index} ${adaptersKey(entries)}`, { correct, logprob: scores[row]?.logprob ?? 0 })
    })
  }
}

/** The base's own answers, made at the first measurement; the base never changes. */
function referencesOf(engine: Engine): Promise<ScoreRow[]> {
  const known = references.get(engine)
  if (known !== undefined) return known
  const prompts = CONTROL_QUESTIONS.map((control) => promptOf(engine, control))
  const made = sayNext(engine, prompts, null).then((answers) =>
    prompts.map((prompt, index) => ({ prompt, answer: answers[index] ?? [] })),
  )
  references.set(engine, made)
  made.catch(() => references.delete(engine))
  return made
}

/** The tokens up to where the phrase ends; at least one. */
async function sayNext(
  engine: Engine,
  prompts: readonly (readonly number[])[],
  adapter: Adapter | null,
  signal?: AbortSignal,
): Promise<number[][]> {
  const options = { adapter, tokensMax: ANSWER_TOKENS_MAX, stop: ANSWER_ENDS, ...(signal ? { signal } : {}) }
  const said = await engine.generate(prompts, options)
  // The token that a phrase ends with is not of its knowledge.
  return said.map(({ tokens, finish }) => (finish === 'stop' && tokens.length > 1 ? tokens.slice(0, -1) : tokens))
}

function promptOf(engine: Engine, { question, lead }: ControlQuestion): number[] {
  return [
    ...promptTokens(engine, closedBookMessages(question)),
    ...engine.tokenizer.encode(lead, { addSpecial: false }),
  ]
}
