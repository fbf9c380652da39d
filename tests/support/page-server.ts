// The API with its page on a real port, for a browser.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { getRequestListener } from '@hono/node-server'
import { buildDashboard, isDashboardBuilt } from '../../services/dashboard/build.mjs'
import { startTestApi, type TestApi } from './api.ts'

export interface PageServer {
  /** Like http://127.0.0.1:40123. */
  url: string
  api: TestApi
  close(): Promise<void>
}

/** Over `databaseUrl` when given, else over a fresh database. Builds the page where it is older than its sources. */
export async function startPageServer(databaseUrl?: string): Promise<PageServer> {
  if (!(await isDashboardBuilt())) await buildDashboard()
  const api = await startTestApi(databaseUrl === undefined ? {} : { databaseUrl })
  // The tests' clock sleeps at once; an open stream of events would never rest.
  api.clock.onSleep = () => sleep(100)
  const listener = getRequestListener(async (request) => {
    const { pathname, search } = new URL(request.url)
    const { method, headers, signal } = request
    const body = method === 'GET' || method === 'HEAD' ? {} : { body: await request.arrayBuffer() }
    return await api.raw(pathname + search, { method, headers, signal, ...body })
  })
  const server = createServer((request, response) => void listener(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    api,
    async close() {
      api.shutDown()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
      await api.close()
    },
  }
}
