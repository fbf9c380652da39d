// Reads the golden files (their layout is written in tests/golden/README.md).
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = join(import.meta.dirname, '..', 'golden')

export function goldenPath(...names: string[]): string {
  return join(FOLDER, ...names)
}

/** The caller names the type: these files are committed beside the tests that read them. */
export function readGolden(...names: string[]): unknown {
  return JSON.parse(readFileSync(goldenPath(...names), 'utf8'))
}
