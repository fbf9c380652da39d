// The object store as an update sees it: while it is away the update waits, under its lease, and says so in its progress.
// What the store refuses (a wrong key, no such bucket) is thrown as ever: waiting would not mend it.
import { isDatabaseDown, type Db } from '../../shared/database/database.ts'
import type { ObjectStore } from '../../shared/registry/object-store.ts'
import { isStoreAway } from '../../shared/registry/store-away.ts'
import type { Lease } from '../../shared/updates/lease.ts'
import { recordWaiting } from '../../shared/updates/record-progress.ts'
import { outlastOutage } from './outage.ts'
import type { Clock } from './worker.ts'

interface PatientParts {
  db: Db
  store: ObjectStore
  clock: Clock
}

/** Throws the signal's reason when it aborts while waiting, and `lease_lost` when somebody else has the update by then. */
export function patientStore({ db, store, clock }: PatientParts, lease: Lease, signal: AbortSignal): ObjectStore {
  const onWait = async (error: unknown, delayMs: number): Promise<void> => {
    const message = error instanceof Error ? error.message : String(error)
    await recordWaiting(db, lease, { phase: 'waiting for the object store', message, delayMs }).catch(
      (failure: unknown) => {
        if (!isDatabaseDown(failure)) throw failure
      },
    )
  }
  const outlast = <T>(call: () => Promise<T>) => outlastOutage(call, clock, signal, { isOutage: isStoreAway, onWait })
  return {
    put: (key, bytes, options) => outlast(() => store.put(key, bytes, options)),
    get: (key) => outlast(() => store.get(key)),
    has: (key) => outlast(() => store.has(key)),
    delete: (key) => outlast(() => store.delete(key)),
    list: (prefix) => outlast(() => store.list(prefix)),
  }
}
