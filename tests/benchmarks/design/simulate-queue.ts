// How long a document waits for its update: trainers on one queue that takes the oldest update whose model is free, as the
// service's own does. Arrivals know nothing of one another (Poisson), but some models get far more than others.
import { createRandom } from '../../../services/engine/random.ts'
import { zipf } from './zipf.ts'

export interface QueueScene {
  models: number
  /** Exponent of Zipf's law of documents among models, 0 being uniform. */
  modelSkew: number
  trainers: number
  /** Of the trainers' time that the updates need, 0 to 1. */
  utilisation: number
  /** Mean seconds of an update, exponentially distributed around it; or exactly so many. */
  updateSeconds: number
  exact?: boolean
  updates: number
  seed: number
}

export interface Waits {
  p50Seconds: number
  p95Seconds: number
  /** Share of updates that waited behind another of their own model while a trainer was idle. */
  behindOwnModel: number
}

interface Waiting {
  arrivedAt: number
  model: number
}

/** Waits from arrival to claim, the first tenth of the updates left out. */
export function simulateQueue(scene: QueueScene): Waits {
  const random = createRandom(scene.seed)
  const exponential = (mean: number) => -mean * Math.log(1 - random())
  const drawModel = zipf(scene.models, scene.modelSkew, random)
  const gap = scene.updateSeconds / (scene.trainers * scene.utilisation)
  const queue: Waiting[] = []
  /** When each trainer is done, and with which model. */
  const running: { until: number; model: number }[] = []
  const busy = new Set<number>()
  const waits: number[] = []
  let behind = 0
  let now = 0
  let nextArrival = 0
  for (let arrived = 0; waits.length < scene.updates;) {
    const nextEnd = running.reduce((earliest, { until }) => Math.min(earliest, until), Infinity)
    now = Math.min(arrived < scene.updates ? nextArrival : Infinity, nextEnd)
    if (now === nextEnd) {
      const ended = running.findIndex(({ until }) => until === now)
      busy.delete(running.splice(ended, 1)[0]?.model ?? -1)
    } else {
      const model = drawModel()
      if (busy.has(model) && running.length < scene.trainers) behind += 1
      queue.push({ arrivedAt: now, model })
      arrived += 1
      nextArrival = now + exponential(gap)
    }
    for (let index = 0; running.length < scene.trainers && index < queue.length;) {
      const { arrivedAt, model } = queue[index] ?? { arrivedAt: 0, model: -1 }
      if (busy.has(model)) index += 1
      else {
        queue.splice(index, 1)
        busy.add(model)
        waits.push(now - arrivedAt)
        running.push({ until: now + (scene.exact ? scene.updateSeconds : exponential(scene.updateSeconds)), model })
      }
    }
  }
  const settled = waits.slice(scene.updates / 10).sort((a, b) => a - b)
  const at = (share: number) => settled[Math.floor(share * settled.length)] ?? 0
  return { p50Seconds: at(0.5), p95Seconds: at(0.95), behindOwnModel: behind / scene.updates }
}
