// One contender as a process that stays warm: it is asked for one measurement at a time, a JSON line each way, so that
// contenders can take turns and a slow minute of the machine hits all of them.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import type { TrainingExample } from '../../../services/engine/engine.ts'

/** One measurement. Prompts and rows are token ids, so that no contender's tokenizer takes part. */
export type ArmRequest =
  | { task: 'train'; rows: readonly TrainingExample[]; rowsPerStep: number; batch?: number; labelHead?: boolean }
  | { task: 'decode'; prompts: readonly (readonly number[])[]; tokens: number; adapter?: boolean }
  | { task: 'prefill'; prompts: readonly (readonly number[])[] }
  | { task: 'gemm'; dtype: 'float32' | 'bfloat16' }

const measured = z.object({
  seconds: z.number().positive(),
  /** Tokens, or floating-point operations of a `gemm`. */
  amount: z.number().positive(),
  /** Highest resident memory of the process so far. */
  peakMegabytes: z.number(),
})
export type Measured = z.infer<typeof measured>
const reply = z.union([measured, z.object({ error: z.string() }), z.object({ ready: z.literal(true) })])

export interface Arm {
  name: string
  /** @throws with the arm's own words when it fails. */
  measure(request: ArmRequest): Promise<Measured>
  close(): Promise<void>
}

export interface ArmCommand {
  program: string
  args: readonly string[]
  env?: NodeJS.ProcessEnv
  cwd?: string
}

/** Starts an arm and waits until it has loaded its model. */
export async function startArm(
  name: string,
  { program, args, env = {}, cwd = process.cwd() }: ArmCommand,
): Promise<Arm> {
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] })
  const ended = once(child, 'close')
  const next = readReplies(name, child)
  await next()
  return {
    name,
    async measure(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`)
      const answer = await next()
      if ('seconds' in answer) return answer
      throw new Error(`${name}: ${'error' in answer ? answer.error : 'said nothing measured'}`)
    },
    async close() {
      child.stdin.end()
      await ended
    },
  }
}

/** Each call gives the next reply; rejects when the process ends instead, with the last lines it wrote. */
function readReplies(name: string, child: ChildProcess): () => Promise<z.infer<typeof reply>> {
  const said: string[] = []
  if (!child.stdout || !child.stderr) throw new Error('an arm needs its pipes')
  createInterface({ input: child.stderr }).on('line', (line) => {
    said.push(line)
    if (said.length > 12) said.shift()
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const failed = once(child, 'error').then(([error]) => Promise.reject(error as Error))
  failed.catch(() => undefined)
  return async () => {
    const line: IteratorResult<string, undefined> = await Promise.race([lines.next(), failed])
    if (line.done === true) throw new Error(`${name} ended by itself:\n${said.map((line) => `    ${line}`).join('\n')}`)
    return reply.parse(JSON.parse(line.value))
  }
}
