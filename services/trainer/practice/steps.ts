// The steps of a practice, each done once: its result is kept under its name, and with it the seconds that it took, so that
// a round reports what it cost whoever did it and however often it was interrupted.

/** The result of an earlier attempt as it was stored (plain JSON), or that of `work`, stored before it is returned. */
export type Once = <T>(name: string, work: () => Promise<T>) => Promise<T>

export interface Steps {
  run<T>(phase: string, name: string, work: () => Promise<T>): Promise<T>
  /** By phase, of the steps run so far. */
  seconds(): Record<string, number>
}

export function createSteps(once: Once): Steps {
  const spent = new Map<string, number>()
  return {
    async run(phase, name, work) {
      const { value, seconds } = await once(name, async () => {
        const started = performance.now()
        const value = await work()
        return { value, seconds: (performance.now() - started) / 1000 }
      })
      spent.set(phase, (spent.get(phase) ?? 0) + seconds)
      return value
    },
    seconds: () => Object.fromEntries([...spent].map(([phase, seconds]) => [phase, Math.round(10 * seconds) / 10])),
  }
}
