import type { Palimpsest } from '../../client/palimpsest.ts'
import type { Flags } from '../settings.ts'
import type { Terminal } from '../terminal.ts'

/** Gives back the exit status. Throws UsageError, PalimpsestError, and fetch's errors. */
export type Command = (context: CommandContext) => Promise<number>

export interface CommandContext {
  palimpsest: Palimpsest
  terminal: Terminal
  flags: Flags
  /** What stands behind the command's name. */
  operands: string[]
}
