// Before an engine takes work it reads a few words and says what may follow, and that is compared with what the reference
// implementation said (transformers, float32). It finds what nothing else would: kernels that compute wrongly on a new
// device, weights that were damaged on the way. An answer like that would only look like a badly trained model.
import { createSlots } from './generate/slots.ts'
import type { Runtime } from './model/runtime.ts'

export interface KnownLogits {
  /** Token ids. */
  prompt: readonly number[]
  /** The likeliest next tokens, likeliest first. */
  tokens: readonly number[]
  /** Theirs; a constant that is added to all of them does not matter. */
  logits: readonly number[]
}

/** By the hash of the base. Those of the embedded base are in tests/golden/smollm2-135m.json. */
const KNOWN: Readonly<Record<string, readonly KnownLogits[]>> = {
  b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53: [
    {
      prompt: [504, 3575, 282, 4649, 314],
      tokens: [7042, 260, 4528, 2250, 1315, 5145],
      logits: [17.371, 14.889, 13.245, 13.009, 12.952, 12.905],
    },
    {
      prompt: [1604, 3987, 46477, 24, 94, 727, 472, 585, 304, 2067, 216, 34, 42, 448, 1003, 304, 472, 1003],
      tokens: [2822, 365, 3987, 304, 216, 1867],
      logits: [20.942, 20.536, 20.345, 19.478, 17.925, 17.668],
    },
  ],
}

/** Seen among so many of the likeliest, however they are ordered. */
const CANDIDATES = 64
/** The embedded base in bfloat16 is within .17 of the reference; a wrong kernel is off by whole numbers. */
const LOGIT_ERROR_MAX = 0.5

/** What is stored for a base; undefined for one that only its owner knows. */
export function findKnownLogits(sha256: string): readonly KnownLogits[] | undefined {
  return KNOWN[sha256]
}

/** Throws an error that says what was computed and what is stored. */
export function selfTest(runtime: Runtime, known: readonly KnownLogits[]): void {
  for (const { prompt, tokens, logits } of known) {
    const computed = nextTokens(runtime, prompt)
    const [first = 0] = tokens
    tokens.forEach((token, index) => {
      const expected = (logits[index] ?? NaN) - (logits[0] ?? NaN)
      const actual = (computed.get(token) ?? -Infinity) - (computed.get(first) ?? NaN)
      if (Math.abs(actual - expected) <= LOGIT_ERROR_MAX) return
      throw new Error(
        `the self-test failed: after the tokens ${prompt.join(' ')}, token ${token} stands ${actual.toFixed(2)} from ` +
          `token ${first}, where ${expected.toFixed(2)} is stored. The base is damaged, or TensorFlow computes wrongly ` +
          'on this device (DEVICE=cpu leaves the GPU out)',
      )
    })
  }
}

/** Token to log-probability. */
function nextTokens(runtime: Runtime, prompt: readonly number[]): Map<number, number> {
  const slots = createSlots(runtime)
  slots.arrange([], 1, prompt.length)
  const whole = { slot: 0, from: 0, tokens: prompt, adapter: null }
  const [next] = slots.advance([whole], [], { adapters: [], k: CANDIDATES }).parts
  slots.release()
  return new Map(Array.from(next?.tokens ?? [], (token, index) => [token, next?.logprobs[index] ?? NaN]))
}
