// A router of OpenAPI routes whose schemas answer for themselves: what does not fit becomes one problem with a pointer
// per field, before a handler runs.
import { OpenAPIHono } from '@hono/zod-openapi'
import type { ApiEnv, ApiRouter } from './deps.ts'
import { validationProblem, writeProblem } from './problem.ts'

export function createRouter(): ApiRouter {
  return new OpenAPIHono<ApiEnv>({
    defaultHook: (result, c) => {
      if (!result.success) return writeProblem(c, validationProblem(result.target, result.error))
    },
  })
}
