// Keeps the README true where a machine can: its links lead somewhere, its commands exist, and the six files of the walk
// do what the walk says.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

describe('the README', () => {
  const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path]) => path ?? '')

  test('links only to what is there', () => {
    expect(links.length).toBeGreaterThanOrEqual(6)
    expect(links.filter((path) => !existsSync(join(root, path)))).toEqual([])
  })

  test('names only commands that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const named = [...readme.matchAll(/npm (?:run )?([a-z][\w:-]*)/g)].map(([, script]) => script ?? '')
    expect(named).toContain('start')
    expect(named.filter((script) => !(script in scripts))).toEqual([])
  })

  test.each([
    ['services/api/routes/documents.ts', 'createDocument'],
    ['shared/documents/create-document.ts', 'transaction'],
    ['services/trainer/worker.ts', 'claim'],
    ['services/trainer/incorporate.ts', 'promoteVersion'],
    ['services/monitor/verdict.ts', 'decideVerdict'],
    ['shared/versions/promote.ts', 'promoteVersion'],
  ])('walks through %s, which still does its step (%s)', (path, word) => {
    expect(links).toContain(path)
    expect(read(path)).toContain(word)
  })
})
