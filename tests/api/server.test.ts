// The API as the process that it is in real use: over a port, with a database that comes and goes.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiKey, passage, problem } from '../support/api.ts'
import { startInferenceServer, type InferenceServer } from '../support/inference-server.ts'
import { startOwnPostgres, type OwnPostgres } from '../support/postgres.ts'

const repository = new URL('../..', import.meta.url).pathname
const residentMegabytesMax = 250

let postgres: OwnPostgres
let inference: InferenceServer
let child: ChildProcess
let address: string

beforeAll(async () => {
  postgres = await startOwnPostgres()
  inference = await startInferenceServer()
  child = spawn(process.execPath, ['--import', 'tsx', 'services/api/server.ts'], {
    cwd: repository,
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: postgres.server().url,
      ENGINE_URL: inference.url,
      PALIMPSEST_API_KEY: apiKey,
      PORT: '0',
      BASE_MODEL: '/somewhere/tiny.gguf',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (child.stdout === null) throw new Error('no output to read')
  const lines = createInterface({ input: child.stdout })
  for await (const line of lines) {
    const entry = JSON.parse(line) as { msg: string; address?: string; port?: number }
    if (entry.msg !== 'listening') continue
    address = `http://${entry.address}:${entry.port}`
    break
  }
  child.stdout.resume()
}, 60_000)

afterAll(async () => {
  if (child.exitCode === null) {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  await inference.stop()
  await postgres.remove()
})

const key = { authorization: `Bearer ${apiKey}` }
const json = { ...key, 'content-type': 'application/json' }

/** Asks again until the status is there; the test's own timeout ends it. */
async function waitForStatus(status: number, path: string): Promise<Response> {
  for (;;) {
    const response = await fetch(`${address}${path}`, { headers: key })
    if (response.status === status) return response
    await response.text()
  }
}

async function missingParts(response: Response): Promise<string[]> {
  const { missing } = (await response.json()) as { missing: { part: string }[] }
  return missing.map(({ part }) => part)
}

describe('the API process', () => {
  it('makes the model `default`, named after the base, and is then ready', async () => {
    const health = await waitForStatus(200, '/health')
    expect(await health.json()).toEqual({ status: 'ok' })
    const model = await fetch(`${address}/v1/models/default`, { headers: key })
    expect(await model.json()).toMatchObject({ id: 'default', base: 'tiny.gguf', head_version: 0 })
  })

  it('names inference as missing while it is not healthy', async () => {
    inference.healthy = false
    const response = await waitForStatus(503, '/health')
    expect(response.headers.get('retry-after')).toBe('2')
    expect(await missingParts(response)).toEqual(['inference'])
    inference.healthy = true
    await waitForStatus(200, '/health')
  })

  it('takes many of the largest texts at once', async () => {
    const largest = 'A fact about the towers of Tarsk follows here now. '.repeat(19_600)
    const statuses = Array.from({ length: 16 }, async (_, number) => {
      const body = JSON.stringify({ title: 'Largest', text: `Tower ${number}. ${largest}` })
      return (await fetch(`${address}/v1/documents`, { method: 'POST', headers: json, body })).status
    })
    expect(new Set(await Promise.all(statuses))).toEqual(new Set([202]))
    const list = await fetch(`${address}/v1/documents?limit=100`, { headers: key })
    expect((await list.text()).length).toBeLessThan(20_000) // without the texts
  })

  it('answers 413 to a body that is too large while it is still being sent', async () => {
    const body = Buffer.alloc(40 * 1024 * 1024, 32)
    await problem(await fetch(`${address}/v1/documents`, { method: 'POST', headers: json, body }), 413)
    await problem(await fetch(`${address}/v1/documents`, { method: 'POST', body }), 401)
  })

  it(`stays under ${residentMegabytesMax} MB and loads no TensorFlow`, async () => {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => undefined)
    if (status === undefined) return // no /proc: another system than Linux
    const kilobytes = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1])
    expect(kilobytes / 1024).toBeLessThan(residentMegabytesMax)
    expect(await readFile(`/proc/${child.pid}/maps`, 'utf8')).not.toMatch(/tensorflow/)
  })

  it('says 503 with Retry-After while the database is stopped, and recovers by itself, streams included', async () => {
    const posted = await fetch(`${address}/v1/documents`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ title: 'Varn Head', text: passage }),
    })
    const { id, update_id: updateId } = (await posted.json()) as { id: string; update_id: string }
    const stream = fetch(`${address}/v1/updates/${updateId}/events`, { headers: key })
    await stream
    await postgres.server().kill()
    const response = await fetch(`${address}/v1/documents`, { headers: key })
    expect(response.headers.get('retry-after')).toBe('2')
    expect((await problem(response, 503)).detail).toMatch(/database/)
    expect(await missingParts(await waitForStatus(503, '/health'))).toEqual(['database'])
    await postgres.restart()
    expect(await (await waitForStatus(200, `/v1/documents/${id}`)).json()).toMatchObject({ text: passage })
    await waitForStatus(200, '/health')
    await fetch(`${address}/v1/updates/${updateId}/cancel`, { method: 'POST', headers: key })
    expect(await (await stream).text()).toMatch(/"state":"cancelled"/)
  })

  it('ends on SIGTERM with status 0, event streams included', async () => {
    const text = 'The last tower of Tarsk fell in 1903. Nobody was in it but a goat.'
    const posted = await fetch(`${address}/v1/documents`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ title: 'Last', text }),
    })
    const location = posted.headers.get('location') ?? ''
    const stream = await fetch(`${address}${location}/events`, { headers: key })
    child.kill('SIGTERM')
    const [code] = (await once(child, 'exit')) as [number | null]
    expect(code).toBe(0)
    expect(await stream.text()).toMatch(/"state":"queued"/)
  })
})
