// What a measurement changes by when nothing changed: the same version asked twice. Differences no larger than that are
// no differences. Zero where evaluation is deterministic, which on one machine and one build it is.

/** Log-probabilities of the same probes under the same version, by probe; those that only one side has are left out. */
export function noiseFloor(first: ReadonlyMap<string, number>, second: ReadonlyMap<string, number>): number {
  const gaps = [...first].flatMap(([probeId, logprob]) => {
    const again = second.get(probeId)
    return again === undefined ? [] : [Math.abs(again - logprob)]
  })
  return gaps.reduce((most, gap) => Math.max(most, gap), 0)
}
