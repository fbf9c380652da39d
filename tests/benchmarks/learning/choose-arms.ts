// Arms by the names a caller gave, in the order of the table.
import { PlainError } from '../../../infra/local/setup/plain-error.mjs'
import type { Arm } from './arm.ts'

/**
 * `names` undefined: the usual ones. `always` are added (the yardsticks of uptake). A name may end in `*`. Throws a
 * PlainError that names what is unknown.
 */
export function chooseArms(
  names: readonly string[] | undefined,
  usual: readonly Arm[],
  more: readonly Arm[],
  always: readonly string[],
): Arm[] {
  if (names === undefined) return [...usual]
  const all = [...usual, ...more]
  const fits = (pattern: string, name: string): boolean =>
    pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name
  const unknown = names.filter((pattern) => !all.some(({ name }) => fits(pattern, name)))
  if (unknown.length > 0)
    throw new PlainError(
      `--arms: ${unknown.join(', ')} not known; there are ${all.map(({ name }) => name).join(', ')}.`,
    )
  return all.filter(({ name }) => always.includes(name) || names.some((pattern) => fits(pattern, name)))
}
