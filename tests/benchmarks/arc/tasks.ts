// Which tasks bench:arc practises on and which it asks about. Tasks with a side over the limit are left out; those of the
// pool that are held out are taken in the order of their names' hashes, which nobody chose.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PlainError } from '../../../infra/local/setup/plain-error.mjs'
import { isHeldOut } from '../../../services/trainer/arc/held-out.ts'
import { fitsTask, parseTasks } from '../../../services/trainer/arc/task.ts'
import type { Task } from '../../../services/trainer/arc/task.ts'
import { keyOf } from '../learning/result-store.ts'

export interface ArcTasks {
  practice: Task[]
  /** `count` held-out ones of the pool, then those that SEAL reports on. */
  evaluation: Task[]
}

/** Throws a PlainError for a folder without the files or with too few tasks. */
export function readArcTasks(folder: string, { count, sideMax }: { count: number; sideMax: number }): ArcTasks {
  const read = (name: string): Task[] => {
    const path = join(folder, name)
    if (!existsSync(path)) throw new PlainError(`${path} is not there: name the folder of the ARC tasks by --data.`)
    return parseTasks(JSON.parse(readFileSync(path, 'utf8'))).filter((task) => fitsTask(task, sideMax))
  }
  const heldOut = read('pool.json').filter(({ id }) => isHeldOut(id))
  if (heldOut.length < count)
    throw new PlainError(`--tasks must be at most ${heldOut.length}: so many tasks of the pool are held out.`)
  const ordered = heldOut.map((task) => ({ task, at: keyOf(task.id) })).toSorted((a, b) => (a.at < b.at ? -1 : 1))
  return {
    practice: read('train.json'),
    evaluation: [...ordered.slice(0, count).map(({ task }) => task), ...read('evaluation.json')],
  }
}
