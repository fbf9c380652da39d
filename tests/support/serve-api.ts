// A test's API behind a real port, for callers that are programs of their own. `cut` ends what streams without a word, as
// a proxy or a restart does.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { TestApi } from './api.ts'

export interface ServedApi {
  url: string
  /** `METHOD /path` of each call, in order. */
  calls: string[]
  cut(): void
  close(): Promise<void>
}

export async function serveApi(api: TestApi): Promise<ServedApi> {
  const calls: string[] = []
  const listener = getRequestListener(async (request) => {
    const { pathname, search } = new URL(request.url)
    calls.push(`${request.method} ${pathname}${search}`)
    const { method, headers, signal } = request
    const body = method === 'GET' ? null : await request.arrayBuffer()
    return await api.raw(pathname + search, { method, headers, body, signal })
  })
  const server = createServer((request, response) => void listener(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    cut: () => server.closeAllConnections(),
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
