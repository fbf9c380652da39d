// Every error of the API leaves through here: an AppError, a schema's complaint, a lost database or a bug becomes one
// problem, and a problem is written as RFC 9457 or, on the paths OpenAI's clients know, as OpenAI's error body.
import { STATUS_CODES } from 'node:http'
import { z } from 'zod'
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { ZodError } from 'zod'
import { AppError, ERRORS } from '../../shared/errors.ts'
import { isDatabaseDown } from '../../shared/database/database-errors.ts'

export interface FieldError {
  /** JSON pointer into the body, or the name of a parameter. */
  pointer?: string
  parameter?: string
  detail: string
}

export interface Problem {
  status: number
  code: string
  detail: string
  errors?: FieldError[]
  headers?: Record<string, string>
}

export const problemSchema = z
  .object({
    type: z.string().meta({ example: 'urn:palimpsest:error:invalid_request' }),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().meta({ description: 'What went wrong and what to change.' }),
    code: z.string().meta({ example: 'invalid_request' }),
    errors: z
      .array(z.object({ pointer: z.string().optional(), parameter: z.string().optional(), detail: z.string() }))
      .optional()
      .meta({ description: 'One entry per field, with its JSON pointer.' }),
  })
  .meta({ id: 'Problem' })

const openAiErrorSchema = z
  .object({
    error: z.object({
      message: z.string(),
      type: z.string(),
      param: z.string().nullable(),
      code: z.string().nullable(),
    }),
  })
  .meta({ id: 'OpenAiError' })

/** How long a client should wait before it tries again what is unavailable now. */
const retryAfterSeconds = 2

/** What a schema found wrong with a part of the request. */
export function validationProblem(target: string, error: ZodError): Problem {
  const errors = error.issues.flatMap(namedKeys).map((issue) => {
    const path = issue.path.map((key) => String(key).replaceAll('~', '~0').replaceAll('/', '~1'))
    return target === 'json'
      ? { pointer: `#${path.map((key) => `/${key}`).join('')}`, detail: issue.message }
      : { parameter: path.join('.'), detail: issue.message }
  })
  return invalidFields(errors)
}

/** Of a query. */
export function unknownProblem(parameters: string[]): Problem {
  return invalidFields(parameters.map((parameter) => ({ parameter, detail: unknown })))
}

function invalidFields(errors: FieldError[]): Problem {
  const detail = errors.map((one) => `${one.pointer ?? one.parameter ?? ''}: ${one.detail}`).join('; ')
  return { status: 400, code: 'invalid_request', detail, errors }
}

const unknown = 'is not known here'

/** What is there and should not be is an error of its own place, not of what holds it. */
function namedKeys(issue: ZodError['issues'][number]): { path: PropertyKey[]; message: string }[] {
  if (issue.code !== 'unrecognized_keys') return [issue]
  return issue.keys.map((key) => ({ path: [...issue.path, key], message: unknown }))
}

/** Never tells the inside of a bug; the log does. */
export function problemOf(error: unknown): Problem {
  if (error instanceof AppError) return appErrorProblem(error)
  if (error instanceof HTTPException) return httpExceptionProblem(error)
  if (isDatabaseDown(error)) {
    return unavailable('The database does not answer at the moment. Nothing was changed; try again.')
  }
  return { status: 500, code: 'internal', detail: 'Something went wrong on our side; the log has the details.' }
}

function appErrorProblem(error: AppError): Problem {
  const { status } = ERRORS[error.code]
  const problem: Problem = { status, code: error.code, detail: error.message }
  if (error.field !== undefined) {
    problem.errors = [{ pointer: `#/${error.field.replaceAll('.', '/')}`, detail: error.message }]
  }
  if (error.retryAfterSeconds !== undefined) problem.headers = { 'Retry-After': String(error.retryAfterSeconds) }
  else if (status === 503) problem.headers = { 'Retry-After': String(retryAfterSeconds) }
  if (status === 401) problem.headers = { 'WWW-Authenticate': 'Bearer realm="palimpsest"' }
  return problem
}

function httpExceptionProblem(error: HTTPException): Problem {
  if (error.status === 415) {
    const detail = 'Send JSON with the header `Content-Type: application/json`.'
    return { status: 415, code: 'unsupported_media_type', detail }
  }
  const code = error.status < 500 ? 'invalid_request' : 'internal'
  return { status: error.status, code, detail: error.message || (STATUS_CODES[error.status] ?? 'Refused') }
}

function unavailable(detail: string): Problem {
  return { status: 503, code: 'unavailable', detail, headers: { 'Retry-After': String(retryAfterSeconds) } }
}

/** The response for a problem, in the body that this path's clients read. */
export function writeProblem(c: Context, problem: Problem): Response {
  const { status, code, detail, errors, headers } = problem
  if (isOpenAiPath(c.req.path)) {
    return c.json({ error: openAiErrorOf(problem) }, status as ContentfulStatusCode, headers)
  }
  const title = STATUS_CODES[status] ?? 'Error'
  const body = { type: `urn:palimpsest:error:${code}`, title, status, detail, code, ...(errors ? { errors } : {}) }
  return c.body(JSON.stringify(body), status as ContentfulStatusCode, {
    'Content-Type': 'application/problem+json',
    ...headers,
  })
}

/** What OpenAI's clients read under `error`. */
export function openAiErrorOf({ status, code, detail, errors }: Problem): z.infer<typeof openAiErrorSchema>['error'] {
  const param = errors?.[0]?.pointer?.replace(/^#\//, '') ?? errors?.[0]?.parameter ?? null
  const type = status >= 500 ? 'server_error' : 'invalid_request_error'
  return { message: detail, type, param, code: openAiCode(code, param) }
}

/** OpenAI's own words where its clients look for them. */
function openAiCode(code: string, param: string | null): string {
  if (code === 'unauthorized') return 'invalid_api_key'
  return code === 'not_found' && param === 'model' ? 'model_not_found' : code
}

/** `/v1/models` and `/v1/models/NAME`, not what lies below a model; files and jobs whole. A path may hold a line break. */
function isOpenAiPath(path: string): boolean {
  return /^\/v1\/(models(\/[^/]+)?|chat\/completions|completions|files(\/.*)?|fine_tuning\/.*)\/?$/s.test(path)
}

const problemContent = { 'application/problem+json': { schema: problemSchema } }
const openAiContent = { 'application/json': { schema: openAiErrorSchema } }

const descriptions = {
  400: 'The request is not right; `detail` says what to change.',
  401: 'The key is missing or wrong.',
  403: 'The key may not do this: another scope, or other models.',
  404: 'There is no such thing.',
  409: 'It does not go with the present state.',
  412: 'It is not as `If-Match` says.',
  413: 'Too large.',
  415: 'Not JSON.',
  422: 'Understood, but it cannot be done.',
  428: 'Say in `If-Match` what was seen.',
  429: 'Too many requests; `Retry-After` says when to go on.',
  500: 'An error of the service.',
  503: 'Something the call needs is not there at the moment; `Retry-After` says when to try again.',
} as const
type ProblemStatus = keyof typeof descriptions

/** The error responses of a route, for its OpenAPI entry. */
export function problems<S extends ProblemStatus>(...statuses: S[]) {
  return responses(problemContent, statuses)
}

/** The same in OpenAI's body. */
export function openAiProblems<S extends ProblemStatus>(...statuses: S[]) {
  return responses(openAiContent, statuses)
}

/** What a path answers to a key that may not do this (403) or has done it too often (429), as JSON of OpenAPI. */
export function refusals(path: string) {
  const content = isOpenAiPath(path)
    ? { 'application/json': { schema: { $ref: '#/components/schemas/OpenAiError' } } }
    : { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } }
  return {
    403: { description: descriptions[403], content },
    429: { description: descriptions[429], content },
  }
}

function responses<S extends ProblemStatus, C>(content: C, statuses: S[]) {
  const entries = statuses.map((status) => [status, { description: descriptions[status], content }])
  return Object.fromEntries(entries) as { [K in S]: { description: string; content: C } }
}
