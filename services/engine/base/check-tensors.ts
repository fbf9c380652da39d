// One complete complaint about a base's tensors. Unknown ones are refused too: a bias or norm that the model does not
// know of would be left out of every sum without a word.
import { requiredTensors } from './model-config.ts'
import type { ModelConfig } from './model-config.ts'

const LISTED_MAX = 20

/** Throws one error with everything missing, misshapen or unknown; `others` are problems found elsewhere. */
export function checkTensors(
  source: string,
  config: ModelConfig,
  shapes: ReadonlyMap<string, readonly number[]>,
  others: readonly string[] = [],
): void {
  const required = requiredTensors(config)
  const problems = [...others]
  for (const [name, wanted] of required) {
    const found = shapes.get(name)
    if (!found) problems.push(`${name} [${wanted.join(', ')}] is missing`)
    else if (found.join() !== wanted.join())
      problems.push(`${name} is [${found.join(', ')}], should be [${wanted.join(', ')}]`)
  }
  for (const name of shapes.keys())
    if (!required.has(name)) problems.push(`${name} is not part of a ${config.family} model`)
  if (problems.length === 0) return
  const rest = problems.length > LISTED_MAX ? [`and ${problems.length - LISTED_MAX} more`] : []
  const lines = [...problems.slice(0, LISTED_MAX), ...rest].map((line) => `\n  ${line}`)
  throw new Error(`${source} cannot be used as a base:${lines.join('')}`)
}
