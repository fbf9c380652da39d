// Data that lies beside the repository, not in it: tests that need it say so and skip where it is absent.
// `PALIMPSEST_DATA` names another folder.
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

const folder = process.env['PALIMPSEST_DATA'] ?? resolve(import.meta.dirname, '../../../shared/data')

/** The file's text, or undefined where there is none. `name` is relative to the data folder: `squad/pool.json`. */
export function findData(name: string): string | undefined {
  const path = findDataPath(name)
  return path === undefined ? undefined : readFileSync(path, 'utf8')
}

/** Where it lies, or undefined where there is none. */
export function findDataPath(name: string): string | undefined {
  const path = resolve(folder, name)
  return existsSync(path) ? path : undefined
}

export function missingData(name: string): string {
  return `${resolve(folder, name)} is absent; set PALIMPSEST_DATA to run this on the real data`
}

export interface Passage {
  id: string
  title: string
  text: string
  questions: { question: string; answer: string }[]
}

/** Passages of `squad/pool.json` with `from <= id < to`, or undefined where the file is absent. */
export function findPoolPassages(from: string, to: string): Passage[] | undefined {
  const text = findData('squad/pool.json')
  if (text === undefined) return undefined
  return (JSON.parse(text) as Passage[]).filter(({ id }) => id >= from && id < to)
}
