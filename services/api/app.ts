// The HTTP API as a function of its parts. Order matters here: the key is checked before a body is read, and the body
// is read before a schema looks at it. Whatever throws ends in the one onError.
import type { Context } from 'hono'
import { cors } from 'hono/cors'
import { HTTPException } from 'hono/http-exception'
import { authenticate } from './authenticate.ts'
import type { ApiDeps, ApiEnv, ApiRouter } from './deps.ts'
import { serveDocs } from './docs-page.ts'
import { createMetrics } from './metrics.ts'
import { addDescription } from './openapi.ts'
import { limitRate } from './limit-rate.ts'
import { problemOf, writeProblem } from './problem.ts'
import { checkBody, explainBody, limitBody, takeTurns } from './read-body.ts'
import { createRouter } from './router.ts'
import { tagAnswers } from './tag-answers.ts'
import { dashboardRoutes } from './routes/dashboard.ts'
import { alertRoutes } from './routes/alerts.ts'
import { aliasRoutes } from './routes/aliases.ts'
import { auditRoutes } from './routes/audit.ts'
import { chatCompletionRoutes } from './routes/chat-completions.ts'
import { completionRoutes } from './routes/completions.ts'
import { deliveryRoutes } from './routes/deliveries.ts'
import { documentBatchRoutes } from './routes/document-batches.ts'
import { documentRoutes } from './routes/documents.ts'
import { evaluationRoutes } from './routes/evaluations.ts'
import { fileRoutes } from './routes/files.ts'
import { fineTuningRoutes } from './routes/fine-tuning.ts'
import { garbageCollectionRoutes } from './routes/garbage-collections.ts'
import { healthRoutes } from './routes/health.ts'
import { keyRoutes } from './routes/keys.ts'
import { metricRoutes } from './routes/metrics.ts'
import { modelRoutes } from './routes/models.ts'
import { practiceRoutes } from './routes/practice.ts'
import { queryRoutes } from './routes/query.ts'
import { retentionRoutes } from './routes/retention.ts'
import { uploadRoutes } from './routes/uploads.ts'
import { updateRoutes } from './routes/updates.ts'
import { versionRoutes } from './routes/versions.ts'
import { webhookRoutes } from './routes/webhooks.ts'
import { watchRequests } from './watch-requests.ts'

export function createApp(deps: ApiDeps): ApiRouter {
  const app = createRouter()
  const metrics = createMetrics(deps.database)
  app.use(watchRequests(deps, metrics))
  // Before the key is asked for: a browser sends none with its question whether it may call.
  if (deps.corsOrigins.length > 0) app.use('/v1/*', allowOrigins(deps.corsOrigins))
  app.use(
    '/v1/*',
    authenticate(deps),
    limitRate(deps),
    tagAnswers(),
    sayWhenToAsk(),
    takeTurns(),
    limitBody(),
    checkBody(),
  )

  app.route('/', dashboardRoutes())
  app.route('/health', healthRoutes(deps))
  app.route('/v1/documents', documentBatchRoutes(deps))
  app.route('/v1/documents', documentRoutes(deps))
  app.route('/v1/uploads', uploadRoutes(deps))
  app.route('/v1/updates', updateRoutes(deps))
  app.route('/v1/query', queryRoutes(deps))
  app.route('/v1/chat/completions', chatCompletionRoutes(deps))
  app.route('/v1/completions', completionRoutes(deps))
  app.route('/v1/files', fileRoutes(deps))
  app.route('/v1/fine_tuning/jobs', fineTuningRoutes(deps))
  app.route('/v1/models', modelRoutes(deps))
  app.route('/v1/models', versionRoutes(deps))
  app.route('/v1/models', aliasRoutes(deps))
  app.route('/v1/models', retentionRoutes(deps))
  app.route('/v1', evaluationRoutes(deps))
  app.route('/v1', practiceRoutes(deps))
  app.route('/v1/alerts', alertRoutes(deps))
  app.route('/v1/webhooks', webhookRoutes(deps))
  app.route('/v1/webhooks', deliveryRoutes(deps))
  app.route('/v1/keys', keyRoutes(deps))
  app.route('/v1/garbage-collections', garbageCollectionRoutes(deps))
  app.route('/v1/audit', auditRoutes(deps))
  app.use('/metrics', authenticate(deps))
  app.route('/metrics', metricRoutes(metrics))
  addDescription(app)
  app.get('/docs', serveDocs(app))

  app.onError(async (error, c) => {
    // The validators say only that a body did not parse.
    const unparsed = error instanceof HTTPException && error.status === 400
    const problem = problemOf(unparsed ? explainBody(await c.req.text()) : error)
    const log = { err: error, request_id: c.get('requestId'), method: c.req.method, path: c.req.path }
    if (problem.status === 500) deps.log.error(log, 'a request failed by a bug')
    else if (problem.status > 500) deps.log.warn(log, 'a request found something missing')
    return writeProblem(c, problem)
  })
  app.notFound((c) => notFound(app, c))
  return app
}

function allowOrigins(origins: readonly string[]) {
  const ofCall = ['Content-Disposition', 'ETag', 'Idempotency-Replayed', 'Location', 'X-Request-Id']
  const ofLimit = ['RateLimit', 'RateLimit-Policy', 'Retry-After']
  const exposeHeaders = [...ofCall, ...ofLimit]
  return cors({ origin: origins.includes('*') ? '*' : [...origins], exposeHeaders, maxAge: 600 })
}

/** An update begins as soon as the trainer is free; asking more often than this tells nothing new. */
const askAgainSeconds = 1

/** 202 says when to look at what was queued. */
function sayWhenToAsk() {
  return async (c: Context<ApiEnv>, next: () => Promise<void>): Promise<void> => {
    await next()
    if (c.res.status === 202 && !c.res.headers.has('retry-after')) c.header('Retry-After', String(askAgainSeconds))
  }
}

/** 405 when the path exists for other methods, else 404. */
function notFound(app: ApiRouter, c: Context): Response {
  const { method, path } = c.req
  const allowed = app.routes
    .filter((route) => route.method !== 'ALL' && pathPattern(route.path).test(path))
    .map((route) => route.method)
  if (allowed.length === 0) {
    const detail = `There is no ${method} ${path} here. /openapi.json lists what there is.`
    return writeProblem(c, { status: 404, code: 'not_found', detail })
  }
  const allow = [...new Set(allowed)].sort().join(', ')
  const detail = `${path} takes ${allow}, not ${method}.`
  return writeProblem(c, { status: 405, code: 'method_not_allowed', detail, headers: { Allow: allow } })
}

/** `/v1/documents/:id` as an expression. */
function pathPattern(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/:[^/]+/g, '[^/]+')}$`)
}
