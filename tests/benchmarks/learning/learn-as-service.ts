// A document learned as a routed model of the service learns it: its defaults, its plan. The adapter is kept, so the
// benchmarks that compare arms, sequences and sizes train each document once between them.
import { modelSettingsSchema } from '../../../shared/models/settings.ts'
import type { ManifestAdapter } from '../../../shared/versions/manifest.ts'
import { KNOWLEDGE_RECIPE } from '../../../services/trainer/recipe.ts'
import { planRouted } from '../../../services/trainer/strategies/routed.ts'
import { STUDY_SETTINGS } from '../../../services/trainer/study/settings.ts'
import { questionsOf, seedStudy, studyPassage } from './learn.ts'
import type { Learning } from './learn.ts'
import { trainOnce } from './lineage.ts'
import type { LineageBench } from './lineage.ts'
import type { BenchPassage } from './passages.ts'

/** What a model gets that is made with the service's defaults. */
export const SERVICE_LEARNING: Learning = {
  material: { kind: 'own', study: STUDY_SETTINGS },
  recipe: KNOWLEDGE_RECIPE,
}

export interface LearnedAsService {
  /** Null where nothing was left to train on. */
  entry: ManifestAdapter | null
  /** Questions that the study wrote, for the router. */
  questions: string[]
  rows: number
  cost: { studySeconds: number; trainSeconds: number; trainedTokens: number; load: number; revision: string }
}

/** Throws what training throws. */
export async function learnAsService(
  bench: LineageBench,
  passage: BenchPassage,
  seed: number,
): Promise<LearnedAsService> {
  const { id: documentId, text } = passage
  const recipe = { ...KNOWLEDGE_RECIPE, seed }
  const study = { settings: seedStudy(STUDY_SETTINGS, seed), epochs: recipe.epochs }
  const { edits, seconds: studySeconds } = await studyPassage(bench, passage, study)
  const settings = modelSettingsSchema.parse({ strategy: 'routed' })
  const plan = planRouted({ parent: null, newDocuments: [documentId], olderDocuments: [], settings })
  const [training] = plan.trainings
  if (training === undefined) throw new Error('the routed strategy plans no training')
  const selfEdits = edits.map((edit, index) => ({
    ...{ ...edit, id: `${documentId}/${index}`, updateId: documentId, documentId },
  }))
  const texts = new Map([[documentId, text]])
  const trained = await trainOnce(bench, training, { recipe, selfEdits, texts })
  const { entry, trainedTokens, seconds: trainSeconds, load, revision } = trained
  return {
    entry,
    questions: questionsOf(edits),
    rows: edits.filter(({ kept, heldOut }) => kept && !heldOut).length,
    cost: { studySeconds, trainSeconds, trainedTokens, load, revision },
  }
}
