// What a base is taught once before it meets tasks: the form of grid tasks. Most lessons are tasks made by rule, the others
// come from real tasks that are not held out, turned, recoloured and shuffled, so that no lesson is seen twice.
import { createRandom } from '../../engine/random.ts'
import type { Random } from '../../engine/random.ts'
import type { Lesson } from './grid-tokens.ts'
import { disguise, leaveOneOut } from './leave-one-out.ts'
import { makeRuleTask } from './make-rule-task.ts'
import type { Task } from './task.ts'
import { SYMMETRIES, transformPair } from './transforms.ts'

export interface GridLessonOptions {
  count: number
  /** Share of the lessons that come from real tasks, 0 to 1. */
  realShare: number
  sideMax: number
  seed: number
}

/** `tasks` must hold none that is held out; their tests serve as further demonstrations. */
export function makeGridLessons(tasks: readonly Task[], options: GridLessonOptions): Lesson[] {
  const random = createRandom(options.seed)
  const real = tasks.flatMap(({ demonstrations, tests }) => leaveOneOut([...demonstrations, ...tests]))
  return Array.from({ length: options.count }, () => {
    const drawn = random() < options.realShare ? pick(real, random) : undefined
    return drawn === undefined ? ruleLesson(random, options.sideMax) : disguise(turn(drawn, random), random)
  })
}

function ruleLesson(random: Random, sideMax: number): Lesson {
  const { demonstrations, pair } = makeRuleTask(random, sideMax)
  return { demonstrations, pair }
}

function turn({ demonstrations, pair }: Lesson, random: Random): Lesson {
  const view = pick(SYMMETRIES, random)
  if (view === undefined) return { demonstrations, pair }
  return { demonstrations: demonstrations.map((shown) => transformPair(view, shown)), pair: transformPair(view, pair) }
}

const pick = <T>(items: readonly T[], random: Random): T | undefined => items[Math.floor(random() * items.length)]
