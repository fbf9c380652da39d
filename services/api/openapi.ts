// `/openapi.json`, made from the same schemas that check the requests. A call without an entry of its own in `security`
// needs the key.
import type { ApiRouter } from './deps.ts'

export const publicRoute = { security: [] }

export function addDescription(app: ApiRouter): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'key', {
    type: 'http',
    scheme: 'bearer',
    description: 'The key that the first start prints, or `PALIMPSEST_API_KEY`.',
  })
  app.doc31('/openapi.json', (c) => ({
    openapi: '3.1.0',
    info: {
      title: 'Palimpsest',
      version: '0.1.0',
      description:
        'Documents go in, a language model writes them into its own weights, and what it knew before is measured.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: new URL(c.req.url).origin }],
    security: [{ key: [] }],
    tags: [
      { name: 'documents', description: 'What the model shall learn.' },
      { name: 'updates', description: 'Each document changes its model by one update.' },
      { name: 'query', description: 'Questions, answered from the weights.' },
      { name: 'models', description: 'Models, their versions and what they retain.' },
      { name: 'webhooks', description: 'Alerts, and who is told.' },
      { name: 'service' },
    ],
  }))
}
