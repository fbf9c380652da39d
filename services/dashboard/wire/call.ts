// One HTTP call with the key. Whatever the service refuses becomes a CallError with the sentence it said; a refused key
// leads back to the sign-in.
import { forgetKey, key } from './key.ts'

export class CallError extends Error {
  readonly status: number

  constructor(status: number, detail: string) {
    super(detail)
    this.name = 'CallError'
    this.status = status
  }
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export interface CallOptions {
  /** Sent as JSON; FormData as it is. */
  body?: object
  headers?: Record<string, string>
  signal?: AbortSignal
}

/** The answer's JSON, undefined for an empty one. Throws CallError, and the signal's reason. */
export async function call<T>(method: Method, path: string, options: CallOptions = {}): Promise<T> {
  const response = await open(method, path, options)
  if (response.status === 204) return undefined as T
  return (await response.json()) as T
}

/** The answer before its body is read. Throws CallError. */
export async function open(method: Method, path: string, { body, headers, signal }: CallOptions): Promise<Response> {
  const asForm = body instanceof FormData
  const json = body === undefined || asForm ? {} : { 'content-type': 'application/json' }
  const used = key.value
  let response: Response
  try {
    response = await fetch(path, {
      method,
      headers: { authorization: `Bearer ${used ?? ''}`, ...json, ...headers },
      ...(body === undefined ? {} : { body: asForm ? body : JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    })
  } catch (error) {
    signal?.throwIfAborted()
    throw error instanceof TypeError ? new CallError(0, 'The service does not answer.') : error
  }
  if (response.ok) return response
  const detail = detailOf(await response.text()) ?? `The service answered ${response.status}.`
  if (response.status === 401 && key.value === used) forgetKey(detail)
  throw new CallError(response.status, detail)
}

/** From a problem (RFC 9457) or from OpenAI's error body. */
function detailOf(text: string): string | undefined {
  try {
    const body = JSON.parse(text) as { detail?: string; error?: { message?: string } }
    return body.detail ?? body.error?.message
  } catch {
    return undefined
  }
}

/** Every page of a list. */
export async function listAll<T>(path: string, signal?: AbortSignal): Promise<T[]> {
  const all: T[] = []
  const separator = path.includes('?') ? '&' : '?'
  let after = ''
  for (;;) {
    const page = await call<{ data: T[]; has_more: boolean; last_id: string | null }>(
      'GET',
      `${path}${separator}limit=100${after}`,
      signal === undefined ? {} : { signal },
    )
    all.push(...page.data)
    if (!page.has_more || page.last_id === null) return all
    after = `&after=${encodeURIComponent(page.last_id)}`
  }
}
