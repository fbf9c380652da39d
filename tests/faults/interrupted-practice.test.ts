// A round of practice whose trainer is killed in each of its phases: it goes on by itself, does no step twice, and ends. Real
// processes under the real supervisor, real signals. That it ends as an undisturbed one does is held without them, in
// tests/trainer/practice/run-round.test.ts.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { encodeAdapter, writePeftFolder } from '../../services/engine/adapter/peft.ts'
import { createEngine } from '../../services/engine/create-engine.ts'
import { followUpdate } from '../support/client.ts'
import { repository } from '../support/service.ts'
import { orlaDocument, teachTinyPolicy } from '../support/tiny-policy.ts'
import { getTrainer, kill, openScene, until, type Scene } from './scene.ts'

const patient = 600_000
const base = join(repository, 'tests/golden/models/llama-tied')

let scene: Scene
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palimpsest-policy-'))
  const engine = await createEngine({ base })
  writePeftFolder(folder, encodeAdapter(await teachTinyPolicy(engine), engine.base))
  engine.close()
  scene = await openScene({ STUDY_ADAPTER: folder })
}, patient)
afterAll(async () => {
  await scene.end()
  await rm(folder, { recursive: true })
})

async function stepNames(): Promise<string[]> {
  const rows = await scene.query<{ name: string }>('select name from practice_steps order by created_at')
  return rows.map(({ name }) => name)
}

/** Killed once so much of a round was done. */
const PHASES = {
  'writing candidates': (done: string[]) => done.some((name) => name.endsWith('/writing 0')),
  'training candidates': (done: string[]) => done.some((name) => name.endsWith('/answers')),
  'training the policy': (done: string[]) => done.filter((name) => name.endsWith('/answers')).length === 3,
  examining: (done: string[]) => done.includes('round 1/policy'),
}

test('a round killed in each of its phases goes on where it was', { timeout: patient }, async () => {
  const { client, service } = scene
  for (const [name, colour] of [
    ...([['Harn', 'green'] as const, ['Tarsk', 'red'] as const, ['Vell', 'blue'] as const] as const),
    ...([['Tyne', 'pink'] as const, ['Skerrow', 'white'] as const, ['Orm', 'black'] as const] as const),
  ])
    await followUpdate(client, (await client.postDocument(orlaDocument(name, colour))).update_id)

  const response = await fetch(`${service.url}/v1/models/default/practice`, {
    method: 'POST',
    headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ rounds: 1, candidates: 2, temperature: 0.05 }),
  })
  expect(response.status).toBe(202)
  const { id, update_id: update } = (await response.json()) as { id: string; update_id: string }

  let before: { name: string; created_at: Date }[] = []
  for (const [phase, reached] of Object.entries(PHASES)) {
    const trainer = await getTrainer(scene)
    await until(`the round is ${phase}`, async () => reached(await stepNames()), 180_000)
    await kill(trainer)
    const kept = await scene.query<{ name: string; created_at: Date }>('select name, created_at from practice_steps')
    expect(kept).toEqual(expect.arrayContaining(before))
    before = kept
  }
  expect(await followUpdate(client, update)).toMatchObject({ kind: 'practice', attempts: 5, error: null })

  const steps = await scene.query<{ name: string; created_at: Date }>('select name, created_at from practice_steps')
  expect(steps).toEqual(expect.arrayContaining(before))
  const rounds = await scene.query<{ number: number; result: { rows: number; keptShare: number } }>(
    'select number, result from practice_rounds where practice_id = $1',
    [id],
  )
  expect(rounds).toMatchObject([{ number: 1, result: { keptShare: 1 } }])
  const events = await scene.query(`select from update_events where update_id = $1 and type = 'round'`, [update])
  expect(events).toHaveLength(1)
})
