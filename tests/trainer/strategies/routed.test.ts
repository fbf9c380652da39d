import { expect, test } from 'vitest'
import { manifestOf, STRATEGY_PLANS } from '../../../services/trainer/strategies/strategy.ts'
import { modelSettingsSchema, patchSettings } from '../../../shared/models/settings.ts'
import { ROUTER_DEFAULTS } from '../../../shared/router/router.ts'
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

test('a version is routed by the rule of its day, the next one by that of today unless the model sets another', () => {
  const old = { kind: 'bm25', margin: 1.2, scoreMin: 0.1, evidenceMin: 0 } as const
  const parent = { base, adapters: [adapterOf('doc_1', '1')], router: old }
  const input = { parent, newDocuments: ['doc_2'], olderDocuments: ['doc_1'] }
  expect(STRATEGY_PLANS.routed({ ...input, settings }).router).toEqual({ kind: 'bm25', ...ROUTER_DEFAULTS })
  const set = patchSettings(settings, { router: { margin: 1.2, evidence_min: 0 } })
  expect(STRATEGY_PLANS.routed({ ...input, settings: set }).router).toEqual({
    ...{ kind: 'bm25', margin: 1.2, scoreMin: ROUTER_DEFAULTS.scoreMin, evidenceMin: 0 },
  })
  const taken = patchSettings(set, { router: { margin: null, evidence_min: null } })
  expect(taken).toEqual(settings)
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
