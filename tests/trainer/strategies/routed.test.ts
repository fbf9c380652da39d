import { expect, test } from 'vitest'
import { manifestOf, STRATEGY_PLANS } from '../../../services/trainer/strategies/strategy.ts'
import { modelSettingsSchema } from '../../../shared/models/settings.ts'
import { manifestSchema, type ManifestAdapter } from '../../../shared/versions/manifest.ts'

const settings = modelSettingsSchema.parse({})
const base = { id: 'tiny', sha256: 'b'.repeat(64) }
const adapterOf = (document: string, digit: string): ManifestAdapter => ({
  key: `adapters/${digit.repeat(64)}.safetensors`,
  sha256: digit.repeat(64),
  document,
  scale: 1,
})

test('each new document gets a fresh adapter and no other adapter changes', () => {
  const first = STRATEGY_PLANS.routed({ parent: null, newDocuments: ['doc_1'], olderDocuments: [], settings })
  const version = manifestOf(first, base, [adapterOf('doc_1', '1')])
  const second = STRATEGY_PLANS.routed({
    parent: version,
    newDocuments: ['doc_2'],
    olderDocuments: ['doc_1'],
    settings,
  })
  expect(second.trainings).toEqual([{ document: 'doc_2', on: [], selfEditsOf: ['doc_2'], share: null, teacher: null }])
  const next = manifestOf(second, base, [adapterOf('doc_2', '2')])
  expect(next.adapters).toEqual([adapterOf('doc_1', '1'), adapterOf('doc_2', '2')])
  expect(manifestSchema.parse(next)).toEqual(next)
})

test('a document learned anew replaces its adapter', () => {
  const parent = manifestOf(
    STRATEGY_PLANS.routed({ parent: null, newDocuments: ['doc_1'], olderDocuments: [], settings }),
    base,
    [adapterOf('doc_1', '1')],
  )
  const plan = STRATEGY_PLANS.routed({ parent, newDocuments: ['doc_1'], olderDocuments: [], settings })
  expect(manifestOf(plan, base, [adapterOf('doc_1', '2')]).adapters).toEqual([adapterOf('doc_1', '2')])
})
