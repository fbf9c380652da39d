// TensorFlow prepares a program's kernels, and packs the weights that decoding reads, when the program first runs: seconds
// on the embedded base. Each is run once before anybody waits for it.
import { setTimeout as sleep } from 'node:timers/promises'
import { LINEAR_NAMES } from '../engine/base/model-config.ts'
import type { Engine } from '../engine/engine.ts'
import { newAdapter } from '../engine/train/new-adapter.ts'

/** Each run blocks the process for a second or two; who waits for it to be healthy is answered first. */
const PAUSE_MS = 1_500

/** Runs the bare base and one fresh adapter for two tokens each; aborting the signal ends it early. */
export async function warmUp(engine: Engine, signal: AbortSignal): Promise<void> {
  await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined)
  const prompt = engine.tokenizer.encode('Hello', { addSpecial: false })
  const adapter = newAdapter(engine.base.config, { rank: 1, alpha: 1, targets: LINEAR_NAMES }, 1)
  for (const used of [adapter, null]) await engine.generate([prompt], { adapter: used, tokensMax: 2, signal })
}
