// What an update's events say, gathered while they come; of a finished update they come all at once.
import { useEffect, useState } from 'preact/hooks'
import { followUpdate, type UpdateEvent } from '../wire/follow-update.ts'
import type { SelfEditBody } from '../wire/types.ts'

export interface LossPoint {
  step: number
  steps: number
  loss: number
}

export interface WrittenEdit {
  format: SelfEditBody['format']
  prompt: string
  completion: string
}

export interface UpdateTrace {
  state: string | undefined
  /** Undefined before the first, and from the final state on. */
  progress: { phase: string; fraction: number } | undefined
  /** Of the latest training; an attempt after a failure begins anew. */
  losses: LossPoint[]
  /** What the model has just written about each document, newest first, until the study of it is done and judged. */
  written: WrittenEdit[]
  /** Documents studied so far. */
  studied: number
}

const nothingYet: UpdateTrace = { state: undefined, progress: undefined, losses: [], written: [], studied: 0 }

export function useUpdateTrace(id: string): UpdateTrace {
  const [trace, setTrace] = useState(nothingYet)
  useEffect(() => {
    const gone = new AbortController()
    setTrace(nothingYet)
    followUpdate(id, (event) => setTrace((before) => follow(before, event)), gone.signal).catch(() => undefined)
    return () => gone.abort()
  }, [id])
  return trace
}

function follow(trace: UpdateTrace, { type, data }: UpdateEvent): UpdateTrace {
  switch (type) {
    case 'state':
      return { ...trace, state: String(data['state']), progress: undefined }
    case 'progress':
      return { ...trace, progress: { phase: String(data['phase']), fraction: Number(data['fraction']) } }
    case 'self_edits':
      return { ...trace, studied: trace.studied + 1, written: [] }
    case 'written':
      return { ...trace, written: [...(data['edits'] as WrittenEdit[]).toReversed(), ...trace.written] }
    case 'loss': {
      const point = { step: Number(data['step']), steps: Number(data['steps']), loss: Number(data['loss']) }
      const earlier = (trace.losses.at(-1)?.step ?? 0) < point.step ? trace.losses : []
      return { ...trace, losses: [...earlier, point] }
    }
    default:
      return trace
  }
}
