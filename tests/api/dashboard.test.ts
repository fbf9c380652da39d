import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dashboardRoutes } from '../../services/api/routes/dashboard.ts'
import { buildDashboard, isDashboardBuilt } from '../../services/dashboard/build.mjs'
import { problem, startTestApi, type TestApi } from '../support/api.ts'

let api: TestApi
beforeAll(async () => {
  if (!(await isDashboardBuilt())) await buildDashboard()
  api = await startTestApi()
})
afterAll(() => api.close())

describe('GET /', () => {
  it('is the page, without a key, and lets nothing run or load that is not ours', async () => {
    const response = await api.raw('/')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch(/^text\/html/)
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toMatch(/unsafe|\*|https?:/)
    const html = await response.text()
    expect(html).not.toMatch(/https?:\/\//)
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/)
  })

  it('names files that are there, to be kept for ever, of the right type', async () => {
    const html = await (await api.raw('/')).text()
    const paths = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '')
    expect(paths).toHaveLength(3)
    for (const path of paths) {
      const file = await api.raw(path)
      expect(file.status, path).toBe(200)
      expect(file.headers.get('cache-control')).toContain('immutable')
      expect(file.headers.get('content-type')).toMatch(/^(text\/(javascript|css)|image\/svg\+xml)/)
    }
    await problem(await api.raw('/assets/main.js'), 404)
  })

  it('is not sent again to who has it', async () => {
    const etag = (await api.raw('/')).headers.get('etag') ?? ''
    const again = await api.raw('/', { headers: { 'if-none-match': etag } })
    expect(again.status).toBe(304)
    expect(await again.text()).toBe('')
  })

  it('says what to do where the page was not built', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'palimpsest-no-page-'))
    const body = await problem(await dashboardRoutes(empty).request('/'), 503)
    expect(body.detail).toContain('npm run setup')
    await rm(empty, { recursive: true })
  })
})
