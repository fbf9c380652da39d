// The command line as a function: arguments and environment in, exit status out. It is a caller of the service like any
// other: everything but `export base` goes through the public client.
import { createPalimpsest, PalimpsestError } from '../client/palimpsest.ts'
import { ask } from './commands/ask.ts'
import type { Command } from './commands/command.ts'
import { exportAdapters } from './commands/export-adapters.ts'
import { learn } from './commands/learn.ts'
import { policies } from './commands/policies.ts'
import { practice } from './commands/practice.ts'
import { retention } from './commands/retention.ts'
import { rollback } from './commands/rollback.ts'
import { versions } from './commands/versions.ts'
import { watch } from './commands/watch.ts'
import { help } from './help.ts'
import { parseFlags, resolveService } from './settings.ts'
import { openTerminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'

const commands: Record<string, Command> = {
  ...{ learn, ask, watch, versions, rollback, retention, practice, policies },
  export: exportAdapters,
}

/** Never throws; what went wrong is on standard error, and in the status as `--help` lists it. */
export async function main(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  try {
    const { command: name, operands, flags } = parseFlags(args)
    if (flags.help || name === undefined) {
      process.stdout.write(help)
      return flags.help ? 0 : 2
    }
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined
    if (command === undefined) throw new UsageError(`There is no command "${name}". "palimpsest --help" lists them.`)
    const terminal = openTerminal(flags.json, env)
    if (name === 'export' && operands[0] === 'base') {
      // Loaded for it alone: it reads models, the others talk HTTP.
      const { exportBase } = await import('./commands/export-base.ts')
      return await exportBase(terminal, flags, env)
    }
    const palimpsest = createPalimpsest(resolveService(flags, env))
    return await command({ palimpsest, terminal, flags, operands })
  } catch (error) {
    const { status, message } = explain(error)
    process.stderr.write(`palimpsest: ${message}\n`)
    return status
  }
}

function explain(error: unknown): { status: number; message: string } {
  if (error instanceof UsageError) return { status: 2, message: error.message }
  if (error instanceof PalimpsestError) return { status: 1, message: error.message }
  // fetch tells what happened in the cause: a TypeError "fetch failed" has ECONNREFUSED or the like behind it.
  if (error instanceof TypeError && error.cause instanceof Error) {
    const cause = error.cause.message || ('code' in error.cause ? String(error.cause.code) : '')
    return { status: 3, message: `The service cannot be reached: ${cause}` }
  }
  return { status: 1, message: error instanceof Error ? error.message : String(error) }
}
