// The documents that were written for this project: facts that no base can know. They stand in where the reference data
// is absent, and the README's demonstration is one of them.
import { readFileSync } from 'node:fs'
import type { Passage } from '../support/reference-data.ts'

export const inventedPath = new URL('invented.json', import.meta.url).pathname

export function readInvented(): Passage[] {
  return JSON.parse(readFileSync(inventedPath, 'utf8')) as Passage[]
}
