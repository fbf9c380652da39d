// The inference process over HTTP, for the API alone: it listens on a private address and asks for no key. It listens
// before the base is loaded, so that who asks is told to wait rather than refused a connection.
import { SpanKind } from '@opentelemetry/api'
import { Hono, type Context } from 'hono'
import { stream } from 'hono/streaming'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { z } from 'zod'
import { completionRequestSchema, type CompletionEvent } from '../../shared/completions/completion.ts'
import { AppError, ERRORS } from '../../shared/errors.ts'
import { isDatabaseDown } from '../../shared/database/database.ts'
import type { Log } from '../../shared/log.ts'
import { inSpan } from '../../shared/tracing.ts'
import type { Answerer } from './answer.ts'
import { questionSchema } from './answer.ts'

export interface InferenceParts {
  /** Undefined while the base is being loaded. */
  findAnswerer: () => Answerer | undefined
  log: Log
}

export function createInferenceApp({ findAnswerer, log }: InferenceParts): Hono {
  const app = new Hono()

  function getAnswerer(): Answerer {
    const answerer = findAnswerer()
    if (!answerer) throw new AppError('unavailable', 'The base model is still being loaded.')
    return answerer
  }

  app.use(async (c, next) => {
    const attributes = { 'http.request.method': c.req.method, 'http.route': c.req.path }
    const options = { kind: SpanKind.SERVER, attributes, headers: c.req.raw.headers }
    await inSpan(`${c.req.method} ${c.req.path}`, options, async (span) => {
      await next()
      span.setAttribute('http.response.status_code', c.res.status)
    })
  })

  app.get('/health', (c) => {
    getAnswerer()
    return c.json({ status: 'ok' })
  })

  app.post('/answer', async (c) => {
    const answerer = getAnswerer()
    const question = parseBody(questionSchema, await readJson(c))
    return c.json(await answerer.answer(question, c.req.raw.signal))
  })

  app.post('/complete', async (c) => {
    const completion = await getAnswerer().complete(parseBody(completionRequestSchema, await readJson(c)))
    return stream(c, async (out) => {
      const gone = new AbortController()
      out.onAbort(() => gone.abort())
      const write = (event: CompletionEvent) => out.write(`${JSON.stringify(event)}\n`)
      await write(completion.start)
      let last: Promise<unknown> = Promise.resolve()
      try {
        await completion.run((event) => void (last = write(event)), AbortSignal.any([gone.signal, c.req.raw.signal]))
      } catch (error) {
        const { code, message } = report(error)
        gone.abort() // the other choices, if they still run, run for nobody
        last = write({ type: 'error', code, detail: message })
      }
      await last
    })
  })

  app.notFound((c) => c.json({ code: 'not_found', detail: `${c.req.method} ${c.req.path} is not served here.` }, 404))

  app.onError((error, c) => {
    const known = report(error)
    const status: ContentfulStatusCode = ERRORS[known.code].status
    const { code, message: detail, field, retryAfterSeconds } = known
    return c.json({ code, detail, field, retry_after_seconds: retryAfterSeconds }, status)
  })
  return app

  function report(error: unknown): AppError {
    const known = toAppError(error)
    // `unavailable` passes by itself: the base is being loaded, the database restarts, the process shuts down.
    if (known.status >= 500 && known.code !== 'unavailable') log.error({ err: error }, 'a question failed')
    return known
  }
}

async function readJson(c: Context): Promise<unknown> {
  return await c.req.json().catch((cause: unknown) => {
    throw new AppError('invalid_request', 'The body is not JSON.', { cause })
  })
}

function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new AppError('invalid_request', problems.join('; '), { cause: parsed.error })
}

function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  if (isDatabaseDown(error)) return new AppError('unavailable', 'The database does not answer.', { cause: error })
  return new AppError('internal', 'The question could not be answered.', { cause: error })
}
