// Garbage collection beside publishing: whatever the order of their steps, a version's adapters are there.
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createRandom } from '../../../services/engine/random.ts'
import { createModel } from '../../../shared/models/create-model.ts'
import { modelSettingsSchema } from '../../../shared/models/settings.ts'
import { practiceSteps } from '../../../shared/practice/practices.table.ts'
import { getAdapter, putAdapter, type StoredAdapter } from '../../../shared/registry/adapters.ts'
import { collectGarbage } from '../../../shared/registry/collect-garbage.ts'
import { openFolderStore } from '../../../shared/registry/folder-store.ts'
import type { ObjectStore } from '../../../shared/registry/object-store.ts'
import { claimUpdate, type Claim } from '../../../shared/updates/claim-update.ts'
import { releaseUpdate } from '../../../shared/updates/release-update.ts'
import { getHead } from '../../../shared/versions/get-version.ts'
import { pruneVersions } from '../../../shared/versions/prune-versions.ts'
import { claimNext, manifestOf, postDocument, promoteClaim, startLoop, type TestLoop } from '../../support/loop.ts'
import { writePractice } from '../../support/scene/write-practice.ts'

let loop: TestLoop
let folder: string
let store: ObjectStore
beforeEach(async () => {
  loop = await startLoop()
  folder = await mkdtemp(join(tmpdir(), 'palimpsest-garbage-'))
  store = openFolderStore(folder)
})
afterEach(async () => {
  await loop.end()
  await rm(folder, { recursive: true })
})

const now = { graceSeconds: 0, dryRun: false }
const collect = (options = now) => collectGarbage(loop.database.query, store, options)

/** Promotes the claim as a version of this one adapter. */
async function publish(claim: Claim, adapter: StoredAdapter): Promise<number> {
  const document = claim.documents[0]?.id ?? ''
  const manifest = { ...manifestOf([]), adapters: [{ ...adapter, document, scale: 1 }] }
  const { number: parent } = await getHead(loop.database.query, claim.model.name)
  return await promoteClaim(loop.database, claim, parent, { [document]: 1 }, { manifest })
}

test('takes what no version refers to, once it is old enough, and in a dry run nothing', async () => {
  await postDocument(loop.database, 'Tower')
  const used = await putAdapter(store, randomBytes(100))
  await publish(await claimNext(loop.database), used)
  const old = await putAdapter(store, randomBytes(100))
  const young = await putAdapter(store, randomBytes(100))
  await store.put('files/of-somebody', randomBytes(10))
  const dayAgo = new Date(Date.now() - 86_400_000)
  for (const { key } of [used, old]) await utimes(join(folder, key), dayAgo, dayAgo)
  const hour = { graceSeconds: 3600, dryRun: true }
  expect((await collect(hour)).map(({ key }) => key)).toEqual([old.key])
  expect(await store.has(old.key)).toBe(true)
  expect((await collect({ ...hour, dryRun: false })).map(({ key, bytes }) => [key, bytes])).toEqual([[old.key, 100]])
  expect((await store.list('')).map(({ key }) => key)).toEqual([used.key, young.key, 'files/of-somebody'].sort())
})

test('leaves the policies of practice, promoted ones and those that are still examined', async () => {
  const { query } = loop.database
  const practiceId = await writePractice(loop.database)
  const promoted = `adapters/${'c'.repeat(64)}.safetensors`
  await store.put(promoted, randomBytes(100))
  const examined = await putAdapter(store, randomBytes(100))
  await query
    .insert(practiceSteps)
    .values({ practiceId, name: 'round 2/policy', result: { value: examined, seconds: 1 } })
  const other = await putAdapter(store, randomBytes(100))
  expect((await collect()).map(({ key }) => key)).toEqual([other.key])
})

test('takes more at once than a statement takes parameters', async () => {
  const objects = Array.from({ length: 70_000 }, (_, index) => {
    return { key: `adapters/${index}.safetensors`, bytes: 1, modifiedAt: new Date(0) }
  })
  const gone = new Set<string>()
  const large: ObjectStore = { ...store, list: async () => objects, delete: async (key) => void gone.add(key) }
  expect(await collectGarbage(loop.database.query, large, now)).toHaveLength(objects.length)
  expect(gone.size).toBe(objects.length)
})

test('takes the adapters of deleted versions that no other version has', async () => {
  const shared = await putAdapter(store, randomBytes(100))
  const own = await putAdapter(store, randomBytes(100))
  const adapters = [shared, own, shared, shared]
  for (const [n] of adapters.entries()) await postDocument(loop.database, `Tower ${n}`)
  for (const adapter of adapters) await publish(await claimNext(loop.database), adapter)
  expect(await collect()).toEqual([])
  expect(await pruneVersions(loop.database.query, 'default', { keep: 1 }, false)).toMatchObject({ deleted: [1, 2] })
  expect((await collect()).map(({ key }) => key)).toEqual([own.key])
})

test('an update whose adapter was taken before it could publish starts again, and its version has the adapter', async () => {
  await postDocument(loop.database, 'Tower')
  const bytes = randomBytes(100)
  const first = await claimNext(loop.database)
  const adapter = await putAdapter(store, bytes)
  expect(await collect()).toHaveLength(1)
  await expect(publish(first, adapter)).rejects.toMatchObject({ code: 'store_failed', retry: true })
  expect((await getHead(loop.database.query, 'default')).number).toBe(0)
  await releaseUpdate(loop.database.query, first.lease)
  const second = await claimNext(loop.database)
  await publish(second, await putAdapter(store, bytes))
  expect(await collect()).toEqual([])
  expect(Buffer.compare(await getAdapter(store, adapter), bytes)).toBe(0)
})

test('waits for a promotion under way, and leaves it what it refers to', async () => {
  await postDocument(loop.database, 'Tower')
  const claim = await claimNext(loop.database)
  const adapter = await putAdapter(store, randomBytes(100))
  // The promotion has inserted its version and cannot go on.
  const blocker = new pg.Client({ connectionString: loop.database.pool.options.connectionString })
  await blocker.connect()
  await blocker.query('begin')
  await blocker.query('lock table promotions in share mode')
  const waiting = (table: string) => async () => {
    const { rows } = await loop.database.pool.query(
      `select from pg_locks where relation = '${table}'::regclass and not granted`,
    )
    expect(rows).toHaveLength(1)
  }
  const promotion = publish(claim, adapter)
  await vi.waitFor(waiting('promotions'), { timeout: 20_000 })
  const collecting = collect()
  await vi.waitFor(waiting('versions'), { timeout: 20_000 })
  await blocker.end()
  expect(await promotion).toBe(1)
  expect(await collecting).toEqual([])
  expect(await store.has(adapter.key)).toBe(true)
})

/** Steps of whoever the seed picks, several at once, until all are done. */
async function interleave(seed: number, all: readonly AsyncGenerator<undefined, void>[]): Promise<void> {
  const random = createRandom(seed)
  for (let running = [...all]; running.length > 0;) {
    const stepping = running.filter(() => random() < 0.5)
    const steps = await Promise.all(stepping.map((one) => one.next()))
    running = running.filter((one) => steps[stepping.indexOf(one)]?.done !== true)
  }
}

/** As a trainer does it: what is refused is made and stored anew. */
async function* publishOwn(modelId: string, bytes: Uint8Array): AsyncGenerator<undefined, void> {
  for (;;) {
    const claim = await claimUpdate(loop.database.query, { leaseSeconds: 3600, modelId })
    if (claim === undefined) throw new Error('nothing to claim')
    yield
    const adapter = await putAdapter(store, bytes)
    yield
    const refused: unknown = await publish(claim, adapter).then(
      () => undefined,
      (error: unknown) => error,
    )
    if (refused === undefined) return
    expect(refused).toMatchObject({ code: 'store_failed', retry: true })
    yield
    await releaseUpdate(loop.database.query, claim.lease)
  }
}

async function* collectOften(times: number): AsyncGenerator<undefined, void> {
  for (let time = 0; time < times; time++) {
    await collect()
    yield
  }
}

test.each([1, 2, 3, 4])(
  'beside garbage collection three models publish, whatever the order of their steps (seed %i): each has its adapter',
  async (seed) => {
    const { query } = loop.database
    const made = ['red', 'green', 'blue'].map(async (name, index) => {
      const model = await createModel(query, { name, base: 'tiny', settings: modelSettingsSchema.parse({}) })
      await postDocument(loop.database, `${name} tower`, name)
      return { model, bytes: Buffer.alloc(100, index + 1) }
    })
    const owners = await Promise.all(made)
    await interleave(seed, [collectOften(8), ...owners.map(({ model, bytes }) => publishOwn(model.id, bytes))])
    for (const { model, bytes } of owners) {
      const [adapter] = (await getHead(query, model.name)).manifest?.adapters ?? []
      expect(adapter && Buffer.compare(await getAdapter(store, adapter), bytes)).toBe(0)
    }
    expect(await collect()).toEqual([])
    expect(await store.list('')).toHaveLength(owners.length)
  },
)

test('what one run is taking no other takes, so that what is stored anew behind the first stays', async () => {
  await putAdapter(store, randomBytes(100))
  let second: unknown
  const slow: ObjectStore = {
    ...store,
    async delete(key) {
      second = await collect()
      await store.delete(key)
    },
  }
  expect(await collectGarbage(loop.database.query, slow, now)).toHaveLength(1)
  expect(second).toEqual([])
})

test('what a run that died was taking is taken an hour later', async () => {
  const { key } = await putAdapter(store, randomBytes(100))
  const dying: ObjectStore = { ...store, delete: () => Promise.reject(new Error('killed')) }
  await expect(collectGarbage(loop.database.query, dying, now)).rejects.toThrow('killed')
  expect(await collect()).toEqual([])
  await loop.database.pool.query(`update collected_objects set created_at = now() - interval '61 minutes'`)
  expect((await collect()).map((object) => object.key)).toEqual([key])
})
