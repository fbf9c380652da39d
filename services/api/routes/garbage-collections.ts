// Takes what no version refers to out of the object store, when somebody asks: by hand, or once a day by a clock.
import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { collectGarbage } from '../../../shared/registry/collect-garbage.ts'
import { unixSeconds } from '../../../shared/unix-seconds.ts'
import { needs } from '../access.ts'
import type { ApiDeps, ApiRouter } from '../deps.ts'
import { problems } from '../problem.ts'
import { createRouter } from '../router.ts'

const inputSchema = z
  .strictObject({
    dry_run: z.boolean().default(false),
    grace_hours: z.number().min(0).max(8_760).default(24),
  })
  .meta({ id: 'GarbageCollectionInput' })

const collect = createRoute({
  method: 'post',
  path: '/',
  ...needs('admin'),
  tags: ['models'],
  summary: 'Delete adapters that no version refers to',
  description:
    'Those of deleted versions and models, and of candidates that were rejected. Safe beside updates: one that is about to ' +
    'refer to an adapter that goes starts again. `grace_hours` leaves younger ones alone, so that this is rare.',
  request: {
    body: {
      required: false,
      content: {
        'application/json': {
          schema: inputSchema,
        },
      },
    },
  },
  responses: {
    200: {
      description: 'What went, or with `dry_run` would go.',
      content: {
        'application/json': {
          schema: z
            .object({
              object: z.literal('garbage_collection'),
              dry_run: z.boolean(),
              bytes: z.number().int(),
              objects: z.array(z.object({ key: z.string(), bytes: z.number().int(), modified_at: z.number().int() })),
            })
            .meta({ id: 'GarbageCollection' }),
        },
      },
    },
    ...problems(400, 401, 403, 413, 415, 503),
  },
})

export function garbageCollectionRoutes({ database, store }: ApiDeps): ApiRouter {
  const router = createRouter()
  router.openapi(collect, async (c) => {
    // Without a body there is nothing to be validated, and no default.
    const { dry_run: dryRun, grace_hours: graceHours } = inputSchema.parse(c.req.valid('json') ?? {})
    const garbage = await collectGarbage(database.query, store, { dryRun, graceSeconds: graceHours * 3600 })
    const objects = garbage.map(({ modifiedAt, ...object }) => ({ ...object, modified_at: unixSeconds(modifiedAt) }))
    const bytes = objects.reduce((sum, object) => sum + object.bytes, 0)
    return c.json({ object: 'garbage_collection' as const, dry_run: dryRun, bytes, objects }, 200)
  })
  return router
}
