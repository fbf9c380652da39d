// `/openapi.json`, made from the same schemas that check the requests. A call without an entry of its own in `security`
// needs a key with the scope that its method says.
import { scopeOf } from './access.ts'
import type { ApiRouter } from './deps.ts'
import { refusals } from './problem.ts'

export const publicRoute = { security: [] }

export function addDescription(app: ApiRouter): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'key', {
    type: 'http',
    scheme: 'bearer',
    description:
      'The key that the first start prints (or `PALIMPSEST_API_KEY`), or one made by `POST /v1/keys`. Beside each call stands ' +
      'the scope it needs.',
  })
  // Made once: it takes 50 ms, in which the process answers nobody else.
  let made: { origin: string; description: ReturnType<typeof describe> } | undefined
  app.get('/openapi.json', (c) => {
    const { origin } = new URL(c.req.url)
    if (made?.origin !== origin) made = { origin, description: describe(app, origin) }
    return c.json(made.description)
  })
}

const info = {
  title: 'Palimpsest',
  version: '0.1.0',
  description:
    'Documents go in, a language model writes them into its own weights, and what it knew before is measured.',
  license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
}

/** Scopes and refusals stand in every entry without the route's doing, as the checks do (access.ts). */
export function describe(app: ApiRouter, origin: string) {
  const description = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info,
    servers: [{ url: origin }],
    security: [{ key: [] }],
    tags: [
      { name: 'documents', description: 'What the model shall learn.' },
      { name: 'updates', description: 'Each document changes its model by one update.' },
      { name: 'practice', description: 'How a model gets better at studying.' },
      { name: 'query', description: 'Questions, answered from the weights.' },
      { name: 'fine-tuning', description: "Training files and jobs, for OpenAI's clients." },
      { name: 'models', description: 'Models, their versions and what they retain.' },
      { name: 'webhooks', description: 'Alerts, and who is told.' },
      { name: 'keys', description: 'Who may call, and for what.' },
      { name: 'service' },
    ],
  })
  for (const [path, operations] of Object.entries(description.paths ?? {})) {
    for (const method of methods) {
      const operation = operations[method]
      if (operation === undefined) continue
      const scope = scopeOf({ method, path, security: operation.security })
      if (scope === 'public') continue
      operation.security = [{ key: [scope] }]
      operation.responses = { ...refusals(path), ...operation.responses }
    }
  }
  return description
}

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const
