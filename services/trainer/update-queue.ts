// The queue as the claim loop sees it: its calls bound to a database and a length of lease. A trainer's main and the
// processes of the fleet test both take it from here, so that what is tested is what runs.
import type { Db } from '../../shared/database/database.ts'
import { endJob } from '../../shared/trainer-jobs/end-job.ts'
import { claimUpdate, type Claim } from '../../shared/updates/claim-update.ts'
import { finishUpdate } from '../../shared/updates/finish-update.ts'
import { renewLease } from '../../shared/updates/lease.ts'
import { queueDueEvaluation } from '../../shared/updates/queue-evaluation.ts'
import { releaseUpdate } from '../../shared/updates/release-update.ts'
import type { WorkerParts } from './worker.ts'

type UpdateQueue = Pick<
  WorkerParts<Claim>,
  'claim' | 'isDrained' | 'renew' | 'queueDue' | 'release' | 'fail' | 'cancel' | 'leaseSeconds'
>

/** With a model's id: its updates alone, until there are none. */
export function openUpdateQueue(db: Db, leaseSeconds: number, modelId?: string): UpdateQueue {
  return {
    claim: () => claimUpdate(db, { leaseSeconds, modelId }),
    isDrained: async () => modelId !== undefined && (await endJob(db, modelId)),
    renew: (lease) => renewLease(db, lease, leaseSeconds),
    queueDue: async () => void (await queueDueEvaluation(db)),
    release: (lease, error) => releaseUpdate(db, lease, error === undefined ? {} : { error }),
    fail: async (lease, error) => void (await finishUpdate(db, lease, { state: 'failed', error })),
    cancel: async (lease) => void (await finishUpdate(db, lease, { state: 'cancelled' })),
    leaseSeconds,
  }
}
