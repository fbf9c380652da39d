// How far a long run is and how long it will still take, by what each kind of work has taken so far.

export interface Progress {
  /** Counts one piece of work, null seconds for one that was there already; returns `[ 12/320, 2 h 10 min left]`. */
  done(kind: string, seconds: number | null): string
}

/** `kinds`: of each piece of work to come, in order; `known`: what earlier runs took. */
export function createProgress(
  kinds: readonly string[],
  known: readonly { kind: string; seconds: number }[] = [],
): Progress {
  const taken = new Map<string, { count: number; seconds: number }>()
  const note = (kind: string, seconds: number) => {
    const so = taken.get(kind) ?? { count: 0, seconds: 0 }
    taken.set(kind, { count: so.count + 1, seconds: so.seconds + seconds })
  }
  for (const { kind, seconds } of known) note(kind, seconds)
  let finished = 0
  return {
    done(kind, seconds) {
      if (seconds !== null) note(kind, seconds)
      finished++
      const all = [...taken.values()]
      const count = Math.max(
        1,
        all.reduce((sum, so) => sum + so.count, 0),
      )
      const mean = all.reduce((sum, so) => sum + so.seconds, 0) / count
      // A kind that has not run yet is taken to last as long as the mean of all.
      const left = kinds.slice(finished).reduce((sum, next) => {
        const so = taken.get(next)
        return sum + (so === undefined ? mean : so.seconds / so.count)
      }, 0)
      const place = String(finished).padStart(String(kinds.length).length)
      return `[${place}/${kinds.length}, ${formatSeconds(left)} left]`
    },
  }
}

/** `45 s`, `12 min`, `2 h 10 min`. */
function formatSeconds(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 90) return `${minutes} min`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
