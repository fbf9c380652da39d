// A document sent as the text itself: what JSON would say beside the text is in the query. It becomes that JSON before any
// route looks, so that one schema and one set of refusals serve both.
import type { MiddlewareHandler } from 'hono'
import { z } from 'zod'
import { titleOfText } from './extract/extractor.ts'

export const textBodyQuery = z.object({
  title: z.string().optional().meta({
    description: 'Of a text body; without it the first heading, else the beginning of the text. JSON has its own.',
  }),
  model: z.string().optional().meta({ description: 'Of a text body; `default` without it.' }),
  review: z.enum(['true', 'false']).optional().meta({ description: 'Of a text body.' }),
})

const titleLengthMax = 80

export function readTextBody(): MiddlewareHandler {
  return async (c, next) => {
    if (c.req.method !== 'POST' || !/^text\//i.test(c.req.header('content-type') ?? '')) return next()
    const text = await c.req.text()
    const { title, model, review } = c.req.query()
    const body = {
      title: title ?? titleOfText(text) ?? beginningOf(text),
      text,
      ...(model === undefined ? {} : { model }),
      ...(review === undefined ? {} : { review: review === 'true' }),
    }
    const headers = new Headers(c.req.raw.headers)
    headers.set('content-type', 'application/json')
    headers.delete('content-length')
    c.req.raw = new Request(c.req.url, { method: 'POST', headers, body: JSON.stringify(body) })
    c.req.bodyCache = {}
    await next()
  }
}

/** The first line, to the end of a word. */
function beginningOf(text: string): string {
  // What is blank is refused for its text, not for its title.
  const line = /\S.*/u.exec(text)?.[0].trim() ?? 'Untitled'
  if (line.length <= titleLengthMax) return line
  return `${line.slice(0, titleLengthMax).replace(/\s+\S*$/u, '')} …`
}
