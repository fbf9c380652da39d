import { expect, test } from 'vitest'
import { findEvaluations } from '../../../shared/evaluations/find-evaluations.ts'
import { getModel } from '../../../shared/models/get-model.ts'
import { claimNext, evaluate, postDocument, promoteClaim, startLoop } from '../../support/loop.ts'

test('an answer keeps who graded it; the built-in grader where nobody is named', async () => {
  const loop = await startLoop()
  const { document } = await postDocument(loop.database, 'Lantern Bridge')
  const claim = await claimNext(loop.database)
  const evaluations = (await evaluate(loop.database, { [document.id]: 1 })).map((evaluation) => ({
    ...evaluation,
    answers: evaluation.answers.map((answer, index) => (index === 0 ? { ...answer, gradedBy: 'judge:m' } : answer)),
  }))
  const version = await promoteClaim(loop.database, claim, 0, { [document.id]: 1 }, { evaluations })
  const model = await getModel(loop.database.query, 'default')
  const stored = await findEvaluations(loop.database.query, model.id, version)
  const byProbe = new Map(stored.get(document.id)?.answers.map(({ probeId, gradedBy }) => [probeId, gradedBy]))
  const [first, second] = evaluations[0]?.answers ?? []
  expect(byProbe.get(first?.probeId ?? '')).toBe('judge:m')
  expect(byProbe.get(second?.probeId ?? '')).toBe('words')
  await loop.end()
})
