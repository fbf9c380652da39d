import { follow, statusOf } from '../follow.ts'
import { UsageError } from '../usage-error.ts'
import type { Command } from './command.ts'

export const watch: Command = async ({ palimpsest, terminal, operands }) => {
  const [update, ...more] = operands
  if (update === undefined || more.length > 0) throw new UsageError('palimpsest watch wants the id of an update.')
  const ended = await follow(palimpsest, terminal, { update, label: update, events: true })
  terminal.tell({ update: ended })
  return statusOf(ended)
}
