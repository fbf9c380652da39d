// The whole recipe on real parts, for tests of what it does under each setting: Postgres, a folder as the object store, the
// engine on a tiny random base.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEngine } from '../../services/engine/create-engine.ts'
import type { Engine } from '../../services/engine/engine.ts'
import { realClock } from '../../services/trainer/clock.ts'
import type { IncorporateParts } from '../../services/trainer/incorporate.ts'
import { KNOWLEDGE_RECIPE } from '../../services/trainer/recipe.ts'
import { STUDY_SETTINGS } from '../../services/trainer/study/settings.ts'
import { workOn } from '../../services/trainer/work-on.ts'
import { openDatabase, type Database } from '../../shared/database/database.ts'
import { createDocument, type CreatedDocument } from '../../shared/documents/create-document.ts'
import type { Question } from '../../shared/documents/document.ts'
import { createModel } from '../../shared/models/create-model.ts'
import { modelSettingsSchema, patchSettings, type SettingsPatch } from '../../shared/models/settings.ts'
import { openObjectStore } from '../../shared/registry/object-store.ts'
import { claimUpdate } from '../../shared/updates/claim-update.ts'
import { getUpdate } from '../../shared/updates/get-update.ts'
import type { Update } from '../../shared/updates/update.ts'
import { createTestDatabase } from '../support/postgres.ts'

export interface Scene {
  database: Database
  parts: IncorporateParts
  createModel(name: string, settings: SettingsPatch): Promise<void>
  send(model: string, document: { title: string; text: string; questions: Question[] }): Promise<CreatedDocument>
  /** Works on the next update to its end. */
  work(): Promise<Update>
  close(): Promise<void>
}

export async function openTinyEngine(): Promise<Engine> {
  return await createEngine({ base: join(import.meta.dirname, '../golden/models/llama-tied') })
}

export async function openScene(engine: Engine): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), 'palimpsest-scene-'))
  const fresh = await createTestDatabase()
  const database = openDatabase(fresh.url)
  const db = database.query
  const parts: IncorporateParts = {
    db,
    store: openObjectStore({ kind: 'folder', path: folder }),
    engine,
    studyAdapter: null,
    study: {
      ...STUDY_SETTINGS,
      passes: STUDY_SETTINGS.passes.slice(0, 1).map((pass) => ({ ...pass, answersPerSentence: 1 })),
    },
    recipe: {
      ...KNOWLEDGE_RECIPE,
      lora: { ...KNOWLEDGE_RECIPE.lora, rank: 4, alpha: 8 },
      epochs: 4,
      learningRate: 0.01,
    },
    clock: realClock,
  }
  return {
    database,
    parts,
    createModel: async (name, settings) =>
      void (await createModel(db, {
        name,
        base: 'tiny',
        settings: patchSettings(modelSettingsSchema.parse({}), settings),
      })),
    send: (model, document) => createDocument(db, { model, ...document }),
    async work() {
      const claim = await claimUpdate(db, { leaseSeconds: 60 })
      if (claim === undefined) throw new Error('no update waits')
      await workOn(parts, claim, new AbortController().signal)
      return await getUpdate(db, claim.update.id)
    },
    async close() {
      await database.close()
      await fresh.drop()
      await rm(folder, { recursive: true })
    },
  }
}
