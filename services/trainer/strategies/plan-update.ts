// The plan of an update: what it is to do, and whether that goes with the version it starts from. The API refuses what
// does not go together when it is asked for; here it is what a rollback in between has made impossible.
import { AppError } from '../../../shared/errors.ts'
import { consolidationConflict, strategyConflict } from '../../../shared/models/strategy-conflict.ts'
import type { Claim } from '../../../shared/updates/claim-update.ts'
import { planConsolidation } from './consolidate.ts'
import { STRATEGY_PLANS, type Plan, type PlanInput } from './strategy.ts'

/** Throws `conflict` with what to do about it. */
export function planUpdate(
  { update, model }: Pick<Claim, 'update' | 'model'>,
  input: Omit<PlanInput, 'settings'>,
): Plan {
  const { settings } = model
  if (update.kind === 'consolidate') {
    refuse(consolidationConflict(input.parent))
    return planConsolidation({ ...input, settings })
  }
  refuse(strategyConflict(settings.strategy, input.parent))
  return STRATEGY_PLANS[settings.strategy]({ ...input, settings })
}

function refuse(why: string | null): void {
  if (why !== null) throw new AppError('conflict', why)
}
