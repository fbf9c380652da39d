import { parseVersion } from '../settings.ts'
import type { Command } from './command.ts'

export const rollback: Command = async ({ palimpsest, terminal, flags, operands }) => {
  const version = await palimpsest.rollback(flags.model, parseVersion(operands[0], 'rollback'))
  terminal.tell(version)
  terminal.say(`${version.model}@v${version.version} answers now.`)
  return 0
}
