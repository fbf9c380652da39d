// Each document by itself, with three outcomes: regressed (it lost, at a false discovery rate over all documents),
// retained (a loss of one nat a question is ruled out by the same test turned round), and between the two
// insufficient_data, which says how many more questions would settle it. Five questions seldom do.
import { adjustPValues } from './benjamini-hochberg.ts'
import { probesNeeded } from './probes-needed.ts'
import { questionLosses, type ProbeChange } from './question-losses.ts'
import { signFlipTest } from './sign-flip-test.ts'

export interface DocumentRetention {
  documentId: string
  questions: number
  /** Mean nats lost a question, large changes cut. */
  meanLoss: number
  /** Sign flips over its questions; and the least false discovery rate at which it would be named. */
  pValue: number
  qValue: number
  qSignificant: boolean
  outcome: 'regressed' | 'retained' | 'insufficient_data'
  /** With so many more questions a loss of one nat would be found; null unless data is insufficient. */
  questionsMissing: number | null
}

export interface JudgeDocumentsInput {
  changes: readonly ProbeChange[]
  noiseFloor: number
  /** Another alarm rang already. */
  alarmed: boolean
  /** A document at this false discovery rate rings one by itself. */
  alarmAt: number
}

/** Losses below this are none, however sure: a tenth of a nat makes the right answer a tenth less likely. */
export const LOSS_MIN = 0.1
/** A loss that must not be overlooked: the right answer e times less likely, question for question. */
const LOSS_OF_CONCERN = 1
const POWER = 0.8
/**
 * Nearly all that was known of a document is gone, by more than measurements differ: so much that no test has to rule chance
 * out. Five questions of a single document are too few for one to do it.
 */
const COLLAPSE = { knownMin: 3, shareLost: 0.8, meanLoss: 4 }
/** Of the documents named after an alarm this share is wrong on average. */
const FALSE_DISCOVERY_RATE = 0.1

/** Documents in the order of their first change. Without an alarm none is called regressed but those that collapsed. */
export function judgeDocuments(input: JudgeDocumentsInput): {
  alarm: boolean
  collapse: boolean
  documents: DocumentRetention[]
} {
  const { changes, noiseFloor, alarmAt } = input
  const losses = questionLosses(changes, noiseFloor)
  const tests = testDocuments(losses)
  const alarm = tests.some(({ qValue, meanLoss }) => qValue <= alarmAt && meanLoss >= LOSS_MIN)
  const collapsed = collapsedAmong(changes, tests)
  const level = FALSE_DISCOVERY_RATE / Math.max(1, [...losses.values()].filter(hasChanged).length)
  const needed = probesNeeded({ sd: spreadOf([...losses.values()]), loss: LOSS_OF_CONCERN, level, power: POWER })
  const documents = tests.map((test): DocumentRetention => {
    const own = losses.get(test.documentId) ?? []
    const qSignificant = test.qValue <= FALSE_DISCOVERY_RATE && test.meanLoss >= LOSS_MIN
    const regressed = collapsed.has(test.documentId) || (qSignificant && (alarm || input.alarmed))
    const outcome = regressed ? 'regressed' : isRetained(own) ? 'retained' : 'insufficient_data'
    const questionsMissing = outcome === 'insufficient_data' ? Math.max(1, needed - own.length) : null
    return { ...test, questions: own.length, qSignificant, outcome, questionsMissing }
  })
  return { alarm, collapse: collapsed.size > 0, documents }
}

function collapsedAmong(changes: readonly ProbeChange[], tests: readonly DocumentTest[]): Set<string> {
  const ids = tests.filter(({ meanLoss }) => meanLoss >= COLLAPSE.meanLoss).map(({ documentId }) => documentId)
  const known = changes.filter(({ before }) => before.correct)
  return new Set(
    ids.filter((id) => {
      const own = known.filter(({ documentId }) => documentId === id)
      const lost = own.filter(({ after }) => !after.correct).length
      return own.length >= COLLAPSE.knownMin && lost >= COLLAPSE.shareLost * own.length
    }),
  )
}

type DocumentTest = Pick<DocumentRetention, 'documentId' | 'meanLoss' | 'pValue' | 'qValue'>

/**
 * Documents that did not change at all are left out of the adjustment: which those are depends on sizes, not on signs,
 * so the test stays exact, and one damaged document of two hundred can be found.
 */
function testDocuments(losses: ReadonlyMap<string, readonly number[]>): DocumentTest[] {
  const changed = [...losses].filter(([, own]) => hasChanged(own)).map(([id, own]) => ({ id, p: signFlipTest(own) }))
  const adjusted = adjustPValues(changed.map(({ p }) => p))
  const byId = new Map(changed.map(({ id, p }, index) => [id, { pValue: p, qValue: adjusted[index] ?? 1 }]))
  return [...losses].map(([documentId, own]) => ({
    documentId,
    meanLoss: meanOf(own),
    ...(byId.get(documentId) ?? { pValue: 1, qValue: 1 }),
  }))
}

/** Nothing changed, or the test rules out that the mean loss is as large as one that concerns us. */
function isRetained(losses: readonly number[]): boolean {
  return !hasChanged(losses) || signFlipTest(losses.map((loss) => LOSS_OF_CONCERN - loss)) <= FALSE_DISCOVERY_RATE
}

/** Standard deviation of a question's change round its document's mean, over all documents; 0 when none varies. */
function spreadOf(documents: readonly (readonly number[])[]): number {
  const squares = documents.flatMap((own) => own.map((loss) => (loss - meanOf(own)) ** 2))
  const freedom = documents.reduce((sum, own) => sum + Math.max(0, own.length - 1), 0)
  return freedom === 0 ? 0 : Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / freedom)
}

function hasChanged(losses: readonly number[]): boolean {
  return losses.some((loss) => loss !== 0)
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}
