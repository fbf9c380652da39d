// One JSON line per event, by pino. The process's name stands in every line, the machine's does not.
import { pino, type Logger } from 'pino'
import type { LogLevel } from './config.ts'

export type Log = Logger

/** Errors are logged under `err`: `log.error({ err: error }, 'what failed')`. */
export function createLog(name: string, level: LogLevel = 'info'): Log {
  return pino({ name, level, base: { name }, timestamp: pino.stdTimeFunctions.isoTime })
}
