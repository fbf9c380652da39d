// A real Chromium, as the system has it: playwright-core drives it and downloads nothing. Every page of a test is watched:
// what its console complains of and every request to another host fail the test.
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import axe from 'axe-core'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { apiKey } from './api.ts'
import { repository } from './service.ts'

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
]

/** This machine under a name by which a browser takes it for another: pages of it by http are no secure context. */
export const otherHost = 'palimpsest.test'

/** Undefined where there is none; `CHROMIUM` names another. */
export function findChromium(): string | undefined {
  return [process.env['CHROMIUM'] ?? '', ...places].find((path) => path !== '' && existsSync(path))
}

export async function openBrowser(): Promise<Browser> {
  const executablePath = findChromium()
  if (executablePath === undefined) throw new Error('there is no Chromium')
  // As root, as in a container, Chromium refuses to start with its sandbox.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  args.push(`--host-resolver-rules=MAP ${otherHost} 127.0.0.1`)
  return await chromium.launch({ executablePath, args })
}

export interface WatchedPage {
  page: Page
  /** What the console complained of, scripts that threw, and requests to other hosts; empty when all is well. */
  troubles: string[]
  close: () => Promise<void>
}

/** At `url`, with the key entered: that of the tests unless there is another; none where it is null. */
export async function openPage(
  browser: Browser,
  url: string,
  { key = apiKey, ...options }: BrowserContextOptions & { key?: string | null } = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ reducedMotion: 'reduce', locale: 'en-GB', ...options })
  if (key !== null) await context.addInitScript(`sessionStorage.setItem('palimpsest-key', '${key}')`)
  const page = await context.newPage()
  const troubles: string[] = []
  page.on('console', (message) => {
    // The browser reports an answer of 4xx as an error of the console's; a test that provokes one expects it.
    const expected = /status of 4\d\d/.test(message.text())
    if (['error', 'warning'].includes(message.type()) && !expected) troubles.push(message.text())
  })
  page.on('pageerror', (error) => troubles.push(error.message))
  page.on('request', (request) => {
    if (!request.url().startsWith(`${url}/`)) troubles.push(`asked ${request.url()}`)
  })
  await page.goto(`${url}/`)
  return { page, troubles, close: () => context.close() }
}

/** What axe finds against WCAG 2.2 AA and its own best practices, a line each. */
export async function findAxeViolations(page: Page): Promise<string[]> {
  // Past the page's policy for scripts, as the browser's own tools are: `evaluate` is not subject to it.
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate<axe.AxeResults>('axe.run()')
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
  )
}

/** For people to look at; not kept in the repository. */
export async function takeScreenshot(page: Page, name: string): Promise<void> {
  const folder = join(repository, 'tests', 'dashboard', 'screenshots')
  await mkdir(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}
