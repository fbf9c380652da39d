// What the router costs with many documents: processor time to build and to ask, which other work on the machine does not
// change, and memory while it is kept (its index; the texts themselves come on top).
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { buildRouter } from '../../../shared/router/router.ts'
import type { BenchPassage } from '../learning/passages.ts'

export interface Cost {
  documents: number
  buildMs: number
  bytes: number
  /** Mean of one question. */
  questionMs: number
}

export function measureCost(stored: readonly BenchPassage[], questions: readonly string[]): Cost {
  const entries = stored.map(({ id, title, text }) => ({ documentId: id, title, text, questions: [] }))
  const collect = garbageCollector()
  collect()
  const before = process.memoryUsage().heapUsed
  const startBuild = process.cpuUsage()
  const route = buildRouter(entries)
  const buildMs = millisecondsSince(startBuild)
  collect()
  const bytes = process.memoryUsage().heapUsed - before
  for (const question of questions.slice(0, 100)) route(question) // until it is compiled
  const startAsking = process.cpuUsage()
  for (const question of questions) route(question)
  const questionMs = millisecondsSince(startAsking) / Math.max(1, questions.length)
  return { documents: stored.length, buildMs, bytes, questionMs }
}

function millisecondsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}

function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}
