// Ways to study and train a document, tried before samples are: the choice of format is worth more than the choice among
// samples of one format (+10 points against +2.6 in SEAL's own files). The first is the trainer's own.
import type { KnowledgeRecipe } from '../recipe.ts'
import type { StudySettings } from '../study/settings.ts'

export interface Strategy {
  name: string
  study: StudySettings
  recipe: KnowledgeRecipe
}

export function listStrategies(study: StudySettings, recipe: KnowledgeRecipe): Strategy[] {
  const sharing = (name: string, shares: StudySettings['shares']): Strategy => {
    return { name, study: { ...study, shares: { ...shares, given: 1 } }, recipe }
  }
  const training = (name: string, changes: Partial<KnowledgeRecipe>): Strategy => {
    return { name, study, recipe: { ...recipe, ...changes } }
  }
  const { learningRate, epochs } = recipe
  return [
    { name: 'default', study, recipe },
    sharing('pairs alone', { question_answer: 1 }),
    sharing('pairs and restatements', { question_answer: 0.7, restatement: 0.3 }),
    sharing('mostly clozes', { question_answer: 0.3, cloze: 0.5, restatement: 0.2 }),
    { name: 'greedy pass alone', study: { ...study, passes: study.passes.slice(0, 1) }, recipe },
    training('half the rate', { learningRate: learningRate / 2 }),
    training('more rows, fewer epochs', { epochs: Math.max(1, Math.round(0.6 * epochs)) }),
    training('fewer rows, more epochs', { epochs: Math.round(1.6 * epochs) }),
  ]
}
