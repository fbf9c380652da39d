// A router of OpenAPI routes whose schemas answer for themselves (what does not fit becomes one problem with a pointer per
// field, before a handler runs; what is not known in a query is refused too, as `?modle=notes` would go to another model)
// and whose keys are checked without the route's doing: scope before the body, what belongs to whom before the handler and
// again behind it, and an entry in the audit log round what changes something.
import { OpenAPIHono, type RouteConfig } from '@hono/zod-openapi'
import type { Context, Handler, MiddlewareHandler } from 'hono'
import { z } from 'zod'
import { requireOwn, requireOwnAnswer, requireScope, scopeOf } from './access.ts'
import type { ApiEnv, ApiRouter } from './deps.ts'
import { unknownProblem, validationProblem, writeProblem } from './problem.ts'
import { refuseNul } from './refuse-nul.ts'
import { audited } from './write-audit.ts'

export function createRouter(): ApiRouter {
  const router = new OpenAPIHono<ApiEnv>({
    defaultHook: (result, c) => {
      if (!result.success) return writeProblem(c, validationProblem(result.target, result.error))
    },
  })
  const { openapi } = router
  const guarded = (route: RouteConfig, handler: Handler<ApiEnv>) => {
    const scope: MiddlewareHandler<ApiEnv> = async (c, next) => {
      requireScope(c, route)
      const unknown = unknownParameters(c, route)
      if (unknown.length > 0) return writeProblem(c, unknownProblem(unknown))
      await next()
    }
    return openapi(
      { ...route, middleware: [scope, ...[route.middleware ?? []].flat()] },
      async (c: Context<ApiEnv>) => {
        refuseNul(c)
        await requireOwn(c, route)
        const answer = await audited(c, route, async () => (await handler(c, () => Promise.resolve())) as Response)
        await requireOwnAnswer(c, answer)
        return answer
      },
    )
  }
  router.openapi = guarded
  return router
}

/** Public routes are asked by whoever likes, with what their proxies add. */
function unknownParameters(c: Context<ApiEnv>, route: RouteConfig): string[] {
  if (scopeOf(route) === 'public') return []
  const query = route.request?.query
  const known = query instanceof z.ZodObject ? Object.keys(query.shape) : []
  return Object.keys(c.req.query()).filter((name) => !known.includes(name))
}
