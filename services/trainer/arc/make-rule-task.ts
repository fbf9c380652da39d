// One task of one rule: a few demonstrations and a test, seen from a random side and in random colours.
import type { Random } from '../../engine/random.ts'
import { sameGrid } from './grid.ts'
import type { Grid } from './grid.ts'
import type { Lesson } from './grid-tokens.ts'
import { RULES } from './rules.ts'
import type { Rule } from './rules.ts'
import { SYMMETRIES, drawRecolouring, transformPair } from './transforms.ts'

/** Inputs tried before another rule is drawn: some rules have few inputs on which they show. */
const TRIES_MAX = 40

/** With 2 to 4 demonstrations; all inputs differ, and the rule changes each. @throws RangeError for a side under 6. */
export function makeRuleTask(random: Random, sideMax: number): Lesson & { rule: string } {
  if (sideMax < 6) throw new RangeError('rules need sides of 6 at least')
  const families = Object.entries(RULES)
  for (;;) {
    const [rule, draw] = families[Math.floor(random() * families.length)] ?? []
    if (rule === undefined || draw === undefined) continue
    const pairs = drawPairs(draw(random, sideMax), 3 + Math.floor(random() * 3))
    if (pairs === null) continue
    const turned = SYMMETRIES[Math.floor(random() * SYMMETRIES.length)]
    const coloured = drawRecolouring(random)
    const [pair, ...demonstrations] = pairs.map((own) =>
      transformPair(coloured, turned === undefined ? own : transformPair(turned, own)),
    )
    if (pair !== undefined) return { rule, demonstrations, pair }
  }
}

function drawPairs(rule: Rule, count: number): { input: Grid; output: Grid }[] | null {
  const pairs: { input: Grid; output: Grid }[] = []
  for (let tries = 0; tries < TRIES_MAX && pairs.length < count; tries++) {
    const input = rule.input()
    const output = rule.output(input)
    if (sameGrid(input, output) || pairs.some((pair) => sameGrid(pair.input, input))) continue
    pairs.push({ input, output })
  }
  return pairs.length === count ? pairs : null
}
