// How often an adapter is in memory when a question needs it: least-recently-used caches in front of very many adapters,
// models spread over shards, popularity by Zipf's law among models and among a model's documents.
import { createRandom } from '../../../services/engine/random.ts'
import { zipf } from './zipf.ts'

export interface CacheScene {
  models: number
  documentsEach: number
  shards: number
  /** Adapters that one shard keeps. */
  capacity: number
  /** Exponents of Zipf's law, 0 being uniform. */
  modelSkew: number
  documentSkew: number
  questions: number
  seed: number
}

/** Share of questions, 0 to 1, that found their adapter; the first half only fills the caches. */
export function simulateCache(scene: CacheScene): number {
  const { models, documentsEach, shards, capacity, questions } = scene
  const random = createRandom(scene.seed)
  const drawModel = zipf(models, scene.modelSkew, random)
  const drawDocument = zipf(documentsEach, scene.documentSkew, random)
  const caches = Array.from({ length: shards }, () => new Set<number>())
  let hits = 0
  for (let n = 0; n < questions; n++) {
    const model = drawModel()
    const adapter = model * documentsEach + drawDocument()
    const cache = caches[model % shards] ?? new Set()
    // A Set keeps the order of insertion: taken out and put in again, the first is the least recently used.
    const hit = cache.delete(adapter)
    cache.add(adapter)
    const [oldest] = cache
    if (cache.size > capacity && oldest !== undefined) cache.delete(oldest)
    if (hit && n >= questions / 2) hits += 1
  }
  return hits / Math.floor(questions / 2)
}
