// What writes the model's self-edits: the policies that practice promoted, and the way back to an older one.
import { alignColumns } from '../columns.ts'
import { parsePolicy } from '../settings.ts'
import { paint } from '../terminal.ts'
import { UsageError } from '../usage-error.ts'
import type { Command, CommandContext } from './command.ts'

export const policies: Command = async (input) => {
  const [action, number] = input.operands
  if (action === undefined) return await list(input)
  if (action !== 'rollback')
    throw new UsageError(`palimpsest policies knows "rollback N" beside the list, not "${action}".`)
  const { palimpsest, terminal, flags } = input
  const policy = await palimpsest.rollbackPolicy(flags.model, parsePolicy(number))
  terminal.tell(policy)
  terminal.say(`Policy ${policy.policy} writes the self-edits of ${policy.model} now.`)
  return 0
}

async function list({ palimpsest, terminal, flags }: CommandContext): Promise<number> {
  const rows = [['policy', '', 'made by']]
  for (const policy of await palimpsest.listPolicies(flags.model)) {
    terminal.tell(policy)
    const from = policy.practice_id === null ? 'the base' : `${policy.practice_id}, round ${policy.round ?? '-'}`
    rows.push([String(policy.policy), policy.active ? 'writes' : '', from])
  }
  alignColumns(rows).forEach((line, index) => terminal.say(index === 0 ? paint(terminal, '1', line) : line))
  return 0
}
