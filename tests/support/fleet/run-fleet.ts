// One measurement of the fleet: a queue filled, trainers started, everything worked off; how long it took against what it
// would take if trainers did nothing but train.
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { openDatabase, type Db } from '../../../shared/database/database.ts'
import { findMisplaced, findOverlaps, seedQueue, startTrainer, type Worked } from './fleet.ts'

export interface FleetOptions {
  /** Of a migrated, empty database. */
  databaseUrl: string
  objects: string
  trainers: number
  models: number
  updatesEach: number
  workMs: number
  leaseSeconds: number
  onProgress?: (finished: number) => void
}

export interface FleetReport {
  updates: number
  promoted: number
  /** Pairs of attempts at one model that ran beside each other. */
  overlaps: number
  /** Updates that are not the version that their place in the queue gives them. */
  misplaced: number
  seconds: number
  /** Work over what the trainers could have done in that time, 0 to 1. */
  efficiency: number
}

export async function runFleet(options: FleetOptions): Promise<FleetReport> {
  const { databaseUrl, objects, leaseSeconds, workMs, trainers } = options
  const database = openDatabase(databaseUrl)
  const db = database.query
  const fleet = await Promise.all(
    Array.from({ length: trainers }, () => startTrainer({ databaseUrl, objects, leaseSeconds, workMs })),
  )
  try {
    await seedQueue(db, options)
    const updates = options.models * options.updatesEach
    for (let left = updates; left > 0; left = await countUnfinished(db)) {
      options.onProgress?.(updates - left)
      await sleep(100)
    }
    await Promise.all(fleet.map((trainer) => trainer.stop())) // so that every line is read
    const worked = fleet.flatMap((trainer) => trainer.worked)
    const seconds = spanOf(worked) / 1000
    return {
      updates,
      promoted: worked.filter(({ outcome }) => outcome === 'promoted').length,
      overlaps: findOverlaps(worked).length,
      misplaced: (await findMisplaced(db)).length,
      seconds,
      efficiency: (updates * workMs) / 1000 / (Math.min(trainers, options.models) * seconds),
    }
  } finally {
    await Promise.all(fleet.map((trainer) => trainer.stop()))
    await database.close()
  }
}

async function countUnfinished(db: Db): Promise<number> {
  const { rows } = await db.execute<{ count: number }>(
    sql`select count(*)::int as count from updates where finished_at is null`,
  )
  return rows[0]?.count ?? 0
}

/** From the first claim to the end of the last training. */
function spanOf(worked: readonly Worked[]): number {
  return Math.max(...worked.map(({ to }) => to)) - Math.min(...worked.map(({ from }) => from))
}
