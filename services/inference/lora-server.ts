// Adapters on a server outside that takes LoRA at run time, by vLLM's calls. An adapter's name there is the hash of its
// bytes, so a name never means another adapter, whoever loaded it and when. What is loaded is the server's word
// (`GET /models`), asked before each load: it may have been restarted, and another inference process may use it too.
import { createHash, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Adapter } from '../engine/adapter/adapter.ts'
import { encodeAdapter, writePeftFolder } from '../engine/adapter/peft.ts'
import type { Engine } from '../engine/engine.ts'
import { AppError } from '../../shared/errors.ts'

export interface LoraServerOptions {
  /** Where its API lies, e.g. `http://127.0.0.1:8000/v1`. */
  url: string
  /** The base, as the server names it. */
  model: string
  apiKey: string | undefined
  /** Where adapters are put for it; it finds them under the same path. */
  folder: string
  base: Engine['base']
  /** How many stay loaded; the least recently used of them is unloaded for one more. */
  adaptersMax?: number
}

export interface LoraServer {
  /** The name to ask for, loaded by then; null is the base. Throws `adapter_unavailable`, `unavailable`. */
  load(adapter: Adapter | null): Promise<string>
  /** It turned out not to be loaded after all: the next `load` looks again. */
  forget(name: string): void
  /** POSTs JSON. Throws `unavailable` when there is no answer. */
  post(path: string, body: object, signal?: AbortSignal): Promise<Response>
}

/** Ours among what the server has. */
const PREFIX = 'palimpsest-'
const answerTimeoutMs = 120_000
const modelsSchema = z.object({ data: z.array(z.object({ id: z.string() })) })

export function createLoraServer(options: LoraServerOptions): LoraServer {
  const { url, model, apiKey, folder, base, adaptersMax = 32 } = options
  const names = new WeakMap<Adapter, string>()
  /** By name, the least recently used first. */
  const loaded = new Map<string, Promise<void>>()

  async function send(path: string, init: RequestInit): Promise<Response> {
    const headers = { 'content-type': 'application/json', ...(apiKey && { authorization: `Bearer ${apiKey}` }) }
    try {
      return await fetch(`${url}${path}`, { ...init, headers, redirect: 'error' })
    } catch (cause) {
      if (init.signal?.aborted && !(cause instanceof DOMException && cause.name === 'TimeoutError')) throw cause
      throw new AppError('unavailable', `The server that answers, ${url}, is not reachable.`, { cause })
    }
  }

  function post(path: string, body: object, signal?: AbortSignal): Promise<Response> {
    const timeout = AbortSignal.timeout(answerTimeoutMs)
    const either = signal === undefined ? timeout : AbortSignal.any([signal, timeout])
    return send(path, { method: 'POST', body: JSON.stringify(body), signal: either })
  }

  async function listLoaded(): Promise<string[]> {
    const response = await send('/models', { signal: AbortSignal.timeout(answerTimeoutMs) })
    const models = modelsSchema.safeParse(await response.json().catch(() => undefined))
    if (!response.ok || !models.success)
      throw new AppError('unavailable', `${url}/models answered ${response.status}, and no list of models.`)
    return models.data.data.map(({ id }) => id)
  }

  /** By its content; worked out once, as it takes the whole adapter. */
  function nameOf(adapter: Adapter): string {
    const bytes = encodeAdapter(adapter, base)
    const name = PREFIX + createHash('sha256').update(bytes).digest('hex').slice(0, 32)
    names.set(adapter, name)
    return name
  }

  /** On disk under its name, whole or not at all. */
  async function write(name: string, adapter: Adapter): Promise<void> {
    const path = join(folder, name)
    if (existsSync(path)) return
    const partial = `${path}.${randomUUID()}.partial`
    try {
      await mkdir(folder, { recursive: true })
      writePeftFolder(partial, encodeAdapter(adapter, base))
    } catch (cause) {
      await rm(partial, { recursive: true, force: true }).catch(() => undefined)
      const why = cause instanceof Error ? cause.message : String(cause)
      throw new AppError('adapter_unavailable', `No adapter can be written to INFERENCE_ADAPTERS, ${folder}: ${why}`, {
        cause,
      })
    }
    // Whoever was faster wrote the same bytes.
    await rename(partial, path).catch(() => rm(partial, { recursive: true }))
  }

  async function ensureLoaded(name: string, adapter: Adapter): Promise<void> {
    const there = await listLoaded()
    if (there.includes(name)) return
    await unloadOldest(there)
    await write(name, adapter)
    const response = await post('/load_lora_adapter', { lora_name: name, lora_path: join(folder, name) })
    const said = (await response.text()).slice(0, 300)
    // Another process may have loaded it in between, which the server calls an error.
    if (!response.ok && !(await listLoaded()).includes(name))
      throw new AppError('adapter_unavailable', `${url} did not load ${name} (${response.status}): ${said}`)
  }

  /** Names of ours that this process does not use were left by one before it: they go first. Their folders go with them. */
  async function unloadOldest(there: readonly string[]): Promise<void> {
    const ours = there.filter((id) => id.startsWith(PREFIX))
    const strangers = ours.filter((id) => !loaded.has(id))
    const known = [...loaded.keys()].filter((id) => ours.includes(id))
    for (const name of [...strangers, ...known].slice(0, Math.max(0, ours.length - adaptersMax + 1))) {
      loaded.delete(name)
      await post('/unload_lora_adapter', { lora_name: name })
      await rm(join(folder, name), { recursive: true, force: true })
    }
  }

  return {
    async load(adapter) {
      if (adapter === null) return model
      const name = names.get(adapter) ?? nameOf(adapter)
      const loading = loaded.get(name) ?? ensureLoaded(name, adapter)
      loaded.delete(name)
      loaded.set(name, loading)
      await loading.catch((error: unknown) => {
        loaded.delete(name)
        throw error
      })
      return name
    },
    forget: (name) => void loaded.delete(name),
    post,
  }
}
