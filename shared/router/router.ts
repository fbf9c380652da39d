// Picks the document a question is about: BM25 over the documents' text and self-made questions, best one wins when it
// is no chance match and leads by a margin, else the base answers. Scores are the share of the question's weight that a
// passage covers (0 to 1). A share alone is easily reached by chance in a short question and among many documents;
// `isNoChance` asks for evidence as well, and for more of it the more documents there are.
import { contentWords } from '../words.ts'

export interface RouterEntry {
  documentId: string
  title: string
  text: string
  /** What the model asked itself about the document; they widen its vocabulary by the words people ask in. */
  questions: readonly string[]
}

export interface RouterSettings {
  /** Best score over second best must exceed this (1 or more), else the base answers. */
  margin: number
  /** Best score must reach this, else the base answers. */
  scoreMin: number
  /** The best document's evidence must reach this, else the base answers; 0 in versions older than the rule. */
  evidenceMin: number
}

/**
 * Chosen on pool-0000..0349 and checked on pool-0350..0699 (docs/retrieval.md): a question routed falsely is answered a
 * little worse than the base would, a route that is missed loses a learned fact, so one of these was counted as two of
 * those. The margin only tells ties apart: a larger one drops more right choices than wrong ones.
 */
export const ROUTER_DEFAULTS: RouterSettings = { margin: 1.02, scoreMin: 0, evidenceMin: 0.03 }

export interface RankedDocument {
  documentId: string
  title: string
  /** 0 to 1. */
  score: number
  /** The part of the document that matched best, for an open-book prompt. */
  passage: string
}

export interface Route {
  /** The document whose adapter shall answer; null for the base. */
  documentId: string | null
  /** Documents that share a word with the question, best first, at most ten. */
  ranking: RankedDocument[]
}

export type Router = (question: string) => Route

/** BM25's usual saturation and length normalisation. */
const K1 = 1.2
const B = 0.75
/** Pretended further documents: with few real ones, a word's weight is not that of its absence. */
const IMAGINED_DOCUMENTS = 20
/** Long texts are matched passage by passage of about this many characters, on paragraph or sentence ends. */
const PASSAGE_CHARS = 1500
const RANKED_MAX = 10

/** Reads all entries once; the router it returns is pure and takes microseconds per document. */
export function buildRouter(entries: readonly RouterEntry[], settings: RouterSettings = ROUTER_DEFAULTS): Router {
  const passages = entries.flatMap(indexEntry)
  const lengthMean = passages.reduce((sum, passage) => sum + passage.length, 0) / Math.max(1, passages.length)
  const documentsWith = countDocuments(passages)
  const weightOf = (word: string) =>
    Math.log((entries.length + IMAGINED_DOCUMENTS) / ((documentsWith.get(word) ?? 0) + 0.5))
  const largestWeight = Math.log((passages.length + IMAGINED_DOCUMENTS) / 0.5)

  return (question) => {
    const words = [...new Set(contentWords(question))].map((word) => ({ word, weight: weightOf(word) }))
    const weightSum = words.reduce((sum, { weight }) => sum + weight, 0)
    const best = new Map<string, RankedDocument>()
    for (const passage of passages) {
      const score = scorePassage(passage, words, lengthMean) / weightSum
      if (score > (best.get(passage.documentId)?.score ?? 0))
        best.set(passage.documentId, {
          documentId: passage.documentId,
          title: passage.title,
          score,
          passage: passage.text,
        })
    }
    const ranking = [...best.values()].sort((a, b) => b.score - a.score).slice(0, RANKED_MAX)
    return { documentId: choose(ranking, weightSum / largestWeight ** 2, settings), ranking }
  }
}

/**
 * Evidence is the share of the question that the best passage covers, times what it covers, in units of the largest
 * weight, over that weight once more: a chance match among many passages covers more, as the weights grow with them.
 */
function choose(
  ranking: readonly RankedDocument[],
  evidencePerShare: number,
  { margin, scoreMin, evidenceMin }: RouterSettings,
): string | null {
  const [first, second] = ranking
  if (!first || first.score < scoreMin || first.score ** 2 * evidencePerShare < evidenceMin) return null
  if (second && first.score <= margin * second.score) return null
  return first.documentId
}

interface IndexedPassage {
  documentId: string
  title: string
  text: string
  counts: ReadonlyMap<string, number>
  /** Content words in it, the title's and its questions' too. */
  length: number
}

/** BM25 of one passage, each word's share scaled to at most 1 times its weight. */
function scorePassage(
  passage: IndexedPassage,
  words: readonly { word: string; weight: number }[],
  lengthMean: number,
): number {
  let score = 0
  for (const { word, weight } of words) {
    const count = passage.counts.get(word)
    if (count) score += (weight * count) / (count + K1 * (1 - B + (B * passage.length) / lengthMean))
  }
  return score
}

/**
 * Each self-made question counts with the passage that it shares most words with. A passage takes a word of its
 * questions once, however many ask with it: forty questions would drown the text.
 */
function indexEntry(entry: RouterEntry): IndexedPassage[] {
  const title = contentWords(entry.title)
  const passages = splitPassages(entry.text).map((text) => ({ text, words: [...title, ...contentWords(text)] }))
  const vocabularies = passages.map((passage) => new Set(passage.words))
  const asked = passages.map(() => new Set<string>())
  for (const question of entry.questions) {
    const words = contentWords(question)
    const shared = vocabularies.map((vocabulary) => words.filter((word) => vocabulary.has(word)).length)
    for (const word of words) asked[shared.indexOf(Math.max(...shared))]?.add(word)
  }
  return passages.map(({ text, words }, index) => {
    const all = [...words, ...(asked[index] ?? [])]
    return { documentId: entry.documentId, title: entry.title, text, counts: countWords(all), length: all.length }
  })
}

function countWords(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return counts
}

/** In how many documents (not passages) each word stands. */
function countDocuments(passages: readonly IndexedPassage[]): Map<string, number> {
  const documents = new Map<string, Set<string>>()
  for (const { documentId, counts } of passages)
    for (const word of counts.keys()) {
      const ids = documents.get(word) ?? new Set()
      documents.set(word, ids.add(documentId))
    }
  return new Map([...documents].map(([word, ids]) => [word, ids.size]))
}

/** Pieces of at most about PASSAGE_CHARS, cut at line breaks, else after sentences, else hard. */
export function splitPassages(text: string): string[] {
  const trimmed = text.trim()
  if (trimmed.length <= PASSAGE_CHARS) return [trimmed]
  const pieces = trimmed
    .split(/(?<=\n)|(?<=[.!?。！？]["')\]]*\s)/)
    .flatMap((piece) => piece.match(new RegExp(`[^]{1,${PASSAGE_CHARS}}`, 'gu')) ?? [])
  const passages: string[] = []
  let current = ''
  for (const piece of pieces) {
    if (current && current.length + piece.length > PASSAGE_CHARS) {
      passages.push(current.trim())
      current = ''
    }
    current += piece
  }
  return [...passages, current.trim()].filter(Boolean)
}
