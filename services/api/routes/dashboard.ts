// The page at `/`, as the setup built it. It is public: it holds no data, the key that a visitor enters does. Nothing of it
// may come from or go to another host, and no script runs that is not a file of ours; the headers say so to the browser.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Hono, type Context } from 'hono'
import type { ApiEnv } from '../deps.ts'
import { writeProblem } from '../problem.ts'

const built = fileURLToPath(new URL('../../dashboard/dist', import.meta.url))

const mediaTypes: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
}

const pageHeaders = {
  'Content-Security-Policy': [
    "default-src 'none'",
    ...["script-src 'self'", "style-src 'self'", "font-src 'self'", "img-src 'self'", "connect-src 'self'"],
    ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"],
  ].join('; '),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
}

interface PageFile {
  type: string
  body: Buffer<ArrayBuffer>
}

/** `folder` holds what services/dashboard/build.mjs made; it is read once, at the first request. */
export function dashboardRoutes(folder = built): Hono<ApiEnv> {
  const router = new Hono<ApiEnv>()
  let page: { html: Buffer<ArrayBuffer>; etag: string } | undefined
  let assets: Map<string, PageFile> | undefined
  router.get('/', (c) => {
    page ??= readPage(folder)
    if (page === undefined) return notBuilt(c)
    const headers = { ...pageHeaders, ETag: page.etag, 'Cache-Control': 'no-cache' }
    if (c.req.header('if-none-match') === page.etag) return c.body(null, 304, headers)
    return c.body(page.html, 200, { ...headers, 'Content-Type': 'text/html; charset=utf-8' })
  })
  router.get('/assets/:name', (c) => {
    assets ??= readAssets(join(folder, 'assets'))
    const file = assets.get(c.req.param('name'))
    if (file === undefined) return writeProblem(c, { status: 404, code: 'not_found', detail: 'There is no such file.' })
    return c.body(file.body, 200, {
      'Content-Type': file.type,
      // The name holds a hash of what is in it.
      'Cache-Control': 'public, max-age=31536000, immutable',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'X-Content-Type-Options': 'nosniff',
    })
  })
  return router
}

function readPage(folder: string): { html: Buffer<ArrayBuffer>; etag: string } | undefined {
  const path = join(folder, 'index.html')
  if (!existsSync(path)) return undefined
  const html = readFileSync(path)
  return { html, etag: `"${createHash('sha256').update(html).digest('base64url').slice(0, 22)}"` }
}

/** About a megabyte, most of it typefaces. */
function readAssets(folder: string): Map<string, PageFile> {
  const names = existsSync(folder) ? readdirSync(folder) : []
  return new Map(
    names.map((name) => [
      name,
      { type: mediaTypes[extname(name)] ?? 'application/octet-stream', body: readFileSync(join(folder, name)) },
    ]),
  )
}

function notBuilt(c: Context): Response {
  const detail = 'The page is not built here: run `npm run setup`. The API works without it.'
  return writeProblem(c, { status: 503, code: 'unavailable', detail })
}
