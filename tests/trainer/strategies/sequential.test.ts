import { expect, test } from 'vitest'
import { planSequential } from '../../../services/trainer/strategies/sequential.ts'
import { modelSettingsSchema, patchSettings } from '../../../shared/models/settings.ts'
import type { Manifest, ManifestAdapter } from '../../../shared/versions/manifest.ts'

const settings = modelSettingsSchema.parse({})
const base = { id: 'tiny', sha256: 'b'.repeat(64) }
const adapterOf = (number: number): ManifestAdapter => {
  const sha256 = number.toString(16).padStart(64, '0')
  return { key: `adapters/${sha256}.safetensors`, sha256, document: `doc_${number}`, scale: 1 }
}
const many = (count: number) => Array.from({ length: count }, (_, index) => adapterOf(index + 1))
const manifestOf = (adapters: ManifestAdapter[]): Manifest => ({ base, adapters, router: null })
const planOn = (adapters: ManifestAdapter[], of = settings) =>
  planSequential({ parent: manifestOf(adapters), newDocuments: ['doc_new'], olderDocuments: [], settings: of })

test('trains on the sum of all adapters before and keeps them', () => {
  expect(planOn(many(7))).toEqual({
    trainings: [{ document: 'doc_new', on: many(7), selfEditsOf: ['doc_new'], share: null, teacher: null }],
    kept: many(7),
    router: null,
  })
})

test('folds eight adapters, or one that was folded and four more, before the next', () => {
  expect(planOn(many(8)).fold).toEqual({ adapters: many(8), ranks: 4 })
  const folded = {
    ...adapterOf(99),
    document: null,
    documents: ['doc_1'],
    folded: { adapters: 8, rank: 64, error: 0.01 },
  }
  expect(planOn([folded, ...many(3)]).fold).toBeUndefined()
  expect(planOn([folded, ...many(4)]).fold).toEqual({ adapters: [folded, ...many(4)], ranks: 4 })
})

test('rehearses general questions beside the document where the model asks for a share of them', () => {
  const rehearsing = patchSettings(settings, { replay: { generic_share: 0.2 } })
  const [training] = planOn(many(2), rehearsing).trainings
  expect(training?.share).toEqual({ whole: ['doc_new'], tokensMax: null, genericShare: 0.2 })
})
