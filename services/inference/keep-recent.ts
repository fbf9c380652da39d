// A cache of what is dear to load: the least recently used goes first when the whole exceeds its size. Promises are
// kept rather than values, so that questions arriving together load a thing once; a failed load is forgotten at once.

export interface RecentCache<T> {
  /** The value under `key`; `load` is called when it is not there. Rejects as `load` does. */
  get(key: string, load: () => Promise<T>): Promise<T>
}

interface Entry<T> {
  value: Promise<T>
  /** 0 until it is loaded. */
  size: number
}

/** Sizes are in whatever unit `sizeOf` counts; a value larger than `sizeMax` is handed out and not kept. */
export function keepRecent<T>(sizeMax: number, sizeOf: (value: T) => number): RecentCache<T> {
  // A Map keeps insertion order: re-inserted at each use, the first is the least recently used.
  const entries = new Map<string, Entry<T>>()
  let total = 0

  function remove(key: string, entry: Entry<T>): void {
    if (entries.get(key) !== entry) return
    entries.delete(key)
    total -= entry.size
  }

  async function settle(key: string, entry: Entry<T>): Promise<void> {
    try {
      const size = sizeOf(await entry.value)
      if (entries.get(key) !== entry) return
      // Making room for it would throw out all the others in vain.
      if (size > sizeMax) return remove(key, entry)
      entry.size = size
      total += size
    } catch {
      // Who asked for it is told by the promise itself; here it only must not stay.
      remove(key, entry)
    }
    for (const [oldest, old] of entries) {
      if (total <= sizeMax) break
      if (old.size > 0) remove(oldest, old)
    }
  }

  return {
    get(key, load) {
      const known = entries.get(key)
      if (known) {
        entries.delete(key)
        entries.set(key, known)
        return known.value
      }
      const entry: Entry<T> = { value: load(), size: 0 }
      entries.set(key, entry)
      void settle(key, entry)
      return entry.value
    },
  }
}
