// What was read from the service, kept by path, so that two parts of the page that show the same thing show the same
// state of it. A stale value stays on show while a newer one is fetched.
import { signal, type Signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { call, CallError, listAll } from './call.ts'

export interface Resource<T> {
  data: T | undefined
  /** Of the last attempt; what was read before stays in `data`. */
  error: CallError | undefined
}

interface Entry {
  state: Signal<Resource<unknown>>
  load(): Promise<void>
  users: number
}

const entries = new Map<string, Entry>()

/** Null reads nothing. `everyMs` reads again while somebody looks. */
export function useResource<T>(path: string | null, everyMs?: number): Resource<T> {
  return useEntry<T>(path, everyMs, () => call<T>('GET', path ?? ''))
}

/** A list with all its pages. */
export function useList<T>(path: string | null, everyMs?: number): Resource<T[]> {
  return useEntry<T[]>(path === null ? null : `${path} *`, everyMs, () => listAll<T>(path ?? ''))
}

function useEntry<T>(name: string | null, everyMs: number | undefined, read: () => Promise<T>): Resource<T> {
  const entry = name === null ? undefined : entryOf(name, read)
  useEffect(() => {
    if (entry === undefined || name === null) return
    entry.users += 1
    void entry.load()
    const timer = setInterval(() => {
      if (everyMs !== undefined && document.visibilityState === 'visible') void entry.load()
    }, everyMs ?? 60_000)
    return () => {
      clearInterval(timer)
      entry.users -= 1
      if (entry.users === 0) entries.delete(name)
    }
  }, [name, everyMs])
  return (entry?.state.value ?? { data: undefined, error: undefined }) as Resource<T>
}

function entryOf(name: string, read: () => Promise<unknown>): Entry {
  const known = entries.get(name)
  if (known !== undefined) return known
  const state = signal<Resource<unknown>>({ data: undefined, error: undefined })
  let loading: Promise<void> | undefined
  const load = async (): Promise<void> => {
    try {
      state.value = { data: await read(), error: undefined }
    } catch (error) {
      state.value = { data: state.value.data, error: error instanceof CallError ? error : unexpected(error) }
    } finally {
      loading = undefined
    }
  }
  const entry: Entry = { state, load: () => (loading ??= load()), users: 0 }
  entries.set(name, entry)
  return entry
}

function unexpected(error: unknown): CallError {
  return new CallError(0, error instanceof Error ? error.message : String(error))
}

/** Reads again whatever is on show whose path begins so. */
export async function refresh(...prefixes: string[]): Promise<void> {
  const shown = [...entries].filter(([name]) => prefixes.some((prefix) => name.startsWith(prefix)))
  await Promise.all(shown.map(([, entry]) => entry.load()))
}

/** Another key sees other things. */
export function forgetResources(): void {
  entries.clear()
}
