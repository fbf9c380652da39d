// The lessons that a task teaches itself: each demonstration in turn is held out and solved by the others, as it stands and
// changed by the tools. The held-out pair is never among what is shown, not even as a twin.
import { createRandom, shuffle } from '../../engine/random.ts'
import type { Random } from '../../engine/random.ts'
import type { Lesson } from './grid-tokens.ts'
import { fitPairs, samePair } from './task.ts'
import type { Pair } from './task.ts'
import { drawRecolouring, IDENTITY, TOOLS, transformPair } from './transforms.ts'
import type { Tool, Transform } from './transforms.ts'

export function leaveOneOut(demonstrations: readonly Pair[]): Lesson[] {
  return demonstrations.map((pair) => ({
    demonstrations: demonstrations.filter((other) => !samePair(other, pair)),
    pair,
  }))
}

export interface LessonOptions {
  tools: readonly Tool[]
  /** No grid of a lesson has a longer side: what the tools make larger is left out. */
  sideMax: number
  seed: number
}

/**
 * Every demonstration left out once under every transform of the tools, once in the task's own colours and order and once
 * in others; shuffled, those without a transform first, so that a cut leaves the task itself.
 */
export function makeLessons(demonstrations: readonly Pair[], { tools, sideMax, seed }: LessonOptions): Lesson[] {
  const random = createRandom(seed)
  const lessonsOf = (transform: Transform): Lesson[] =>
    leaveOneOut(demonstrations)
      .map((lesson) => transformLesson(transform, lesson))
      .filter((lesson) => fitPairs([...lesson.demonstrations, lesson.pair], sideMax))
  const plain = lessonsOf(IDENTITY)
  const changed = tools.flatMap((tool) => TOOLS[tool].flatMap(lessonsOf))
  return [
    ...plain,
    ...shuffle([...changed, ...[...plain, ...changed].map((lesson) => disguise(lesson, random))], random),
  ]
}

const transformLesson = (transform: Transform, { demonstrations, pair }: Lesson): Lesson => ({
  demonstrations: demonstrations.map((shown) => transformPair(transform, shown)),
  pair: transformPair(transform, pair),
})

/** Other colours, the demonstrations in another order. */
export function disguise(lesson: Lesson, random: Random): Lesson {
  const { demonstrations, pair } = transformLesson(drawRecolouring(random), lesson)
  return { demonstrations: shuffle(demonstrations, random), pair }
}
