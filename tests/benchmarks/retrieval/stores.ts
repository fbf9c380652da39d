// Which passages are stored and which questions are asked. The stored ones come from one half of the articles, so that
// the other half is left to ask what no document answers: a question about another passage of a stored article is
// neither. Only questions of passages that nothing was tuned on are asked; the others fill the store.
import { createRandom, shuffle } from '../../../services/engine/random.ts'
import type { BenchPassage } from '../learning/passages.ts'

export interface Store {
  stored: BenchPassage[]
  /** Passages whose questions the store should answer. */
  own: BenchPassage[]
  /** Passages of articles that the store has nothing of. */
  foreign: BenchPassage[]
}

/** Undefined when half of the articles has fewer than `size` passages. `tuned` tells whose questions must not be asked. */
export function drawStore(
  passages: readonly BenchPassage[],
  { size, seed, tuned }: { size: number; seed: number; tuned: ReadonlySet<string> },
): Store | undefined {
  const random = createRandom(seed)
  const titles = shuffle([...new Set(passages.map(({ title }) => title))], random)
  const half = new Set(titles.slice(0, Math.ceil(titles.length / 2)))
  const inside = shuffle(
    passages.filter(({ title }) => half.has(title)),
    random,
  )
  if (inside.length < size) return undefined
  const asked = ({ id }: BenchPassage) => !tuned.has(id)
  const stored = [...inside.filter(asked), ...inside.filter((passage) => !asked(passage))].slice(0, size)
  return {
    stored,
    own: stored.filter(asked),
    foreign: passages.filter((passage) => !half.has(passage.title) && asked(passage)),
  }
}

/** `count` different texts: the passages, and when they do not suffice, those cut in two, three, ... after sentences. */
export function drawTexts(passages: readonly BenchPassage[], count: number): BenchPassage[] {
  for (let parts = 1; parts <= 8; parts++) {
    const pieces = passages.flatMap((passage) => cutInto(passage, parts))
    const different = [...new Map(pieces.map((piece) => [piece.text, piece])).values()]
    if (different.length >= count) return different.slice(0, count)
  }
  throw new RangeError(`${passages.length} passages do not make ${count} texts`)
}

function cutInto(passage: BenchPassage, parts: number): BenchPassage[] {
  const sentences = passage.text.split(/(?<=[.!?]["')\]]*\s)/)
  const perPart = Math.ceil(sentences.length / parts)
  return Array.from({ length: parts }, (_, part) => ({
    ...passage,
    id: `${passage.id}/${part}`,
    text: sentences
      .slice(part * perPart, (part + 1) * perPart)
      .join('')
      .trim(),
  })).filter(({ text }) => text !== '')
}
