// Which self-edits are trained when there are more than the token budget takes: first one of every answer, turning over the
// parts of the document, then a second wording of each, and so on; each format (and what the caller gave) within its
// share, and what one leaves over is the others'. A talkative first paragraph or one fact asked twenty times thus crowds nothing out.
import type { SelfEdit } from '../../../shared/self-edits/self-edit.ts'
import type { BudgetShares } from './settings.ts'
import { wordsOf } from './words.ts'

export interface TokenBudget {
  /** Of one epoch. */
  tokensMax: number
  /** Relative claims of formats, and of what was given; one without a claim gets what the others leave over. */
  shares: BudgetShares
}

/** `costOf` is the training row's length in tokens; held-out edits cost nothing. Pure; the order of the edits stays. */
export function keepWithinBudget(
  edits: readonly SelfEdit[],
  costOf: (edit: SelfEdit) => number,
  { tokensMax, shares }: TokenBudget,
): SelfEdit[] {
  const queue = takeTurns(edits.filter((edit) => edit.kept && !edit.heldOut))
  const claims = claimsOf(queue, shares)
  const costs = new Map(queue.map((edit) => [edit, costOf(edit)]))
  const spent = new Map<Claimant, number>()
  const taken = new Set<SelfEdit>()
  let tokens = 0
  const take = (edit: SelfEdit, cost: number): void => {
    taken.add(edit)
    tokens += cost
    spent.set(claimantOf(edit), (spent.get(claimantOf(edit)) ?? 0) + cost)
  }
  for (const [edit, cost] of costs) {
    const claimant = claimantOf(edit)
    const claimed = (spent.get(claimant) ?? 0) + cost
    if (claimed <= tokensMax * (claims.get(claimant) ?? 0)) take(edit, cost)
  }
  for (const [edit, cost] of costs)
    // The first always fits: a document of one long sentence must not end with nothing to train on.
    if (!taken.has(edit) && (tokens === 0 || tokens + cost <= tokensMax)) take(edit, cost)
  return edits.map((edit) =>
    costs.has(edit) && !taken.has(edit) ? { ...edit, kept: false, reason: 'over the token budget' } : edit,
  )
}

/** The first of every answer before the second of any; among those, one of each part of the document in turn. */
function takeTurns(edits: readonly SelfEdit[]): SelfEdit[] {
  const turnOf = countTurns()
  return edits
    .map((edit) => ({ edit, answer: turnOf(`${edit.format}:${wordsOf(edit.completion).join(' ')}`) }))
    .map((queued) => ({ ...queued, source: turnOf(`${queued.answer}@${queued.edit.source}`) }))
    .sort((one, other) => one.answer - other.answer || one.source - other.source)
    .map(({ edit }) => edit)
}

function countTurns(): (key: string) => number {
  const turns = new Map<string, number>()
  return (key) => {
    const turn = turns.get(key) ?? 0
    turns.set(key, turn + 1)
    return turn
  }
}

type Claimant = keyof BudgetShares

function claimantOf({ origin, format }: SelfEdit): Claimant {
  return origin === 'given' ? 'given' : format
}

/** Each claimant's share of the budget, 0 to 1, among those that have anything to train. */
function claimsOf(edits: readonly SelfEdit[], shares: BudgetShares): Map<Claimant, number> {
  const claimants = [...new Set(edits.map(claimantOf))]
  const total = claimants.reduce((sum, claimant) => sum + (shares[claimant] ?? 0), 0)
  return new Map(claimants.map((claimant) => [claimant, total === 0 ? 0 : (shares[claimant] ?? 0) / total]))
}
