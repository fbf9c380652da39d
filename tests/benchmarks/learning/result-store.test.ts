import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { keyOf, openResultStore } from './result-store.ts'

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'palimpsest-results-'))))
afterEach(() => rmSync(folder, { recursive: true }))

test('what was appended is found by the next run, the later of two', () => {
  const path = join(folder, 'new', 'results.jsonl')
  const store = openResultStore<number>(path)
  store.append('a', 1)
  store.append('b', 2)
  store.append('a', 3)
  const next = openResultStore<number>(path)
  expect([next.find('a'), next.find('b'), next.find('c')]).toEqual([3, 2, undefined])
})

test('a line cut short by a crash is missing, and harms no other', () => {
  const path = join(folder, 'results.jsonl')
  openResultStore<number>(path).append('a', 1)
  appendFileSync(path, '{"key":"b","val')
  const store = openResultStore<number>(path)
  expect(store.find('b')).toBeUndefined()
  store.append('c', 3)
  const next = openResultStore<number>(path)
  expect([next.find('a'), next.find('b'), next.find('c')]).toEqual([1, undefined, 3])
})

test('a fresh run finds only its own results and deletes none', () => {
  const path = join(folder, 'results.jsonl')
  writeFileSync(path, '{"key":"a","value":1}\n')
  const store = openResultStore<number>(path, { fresh: true })
  expect(store.find('a')).toBeUndefined()
  store.append('b', 2)
  expect(store.find('b')).toBe(2)
  expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(3)
})

test('a key changes with the content, not with the order of names', () => {
  const one = { rate: 1, lora: { rank: 8, targets: ['q', 'v'] }, none: null }
  expect(keyOf({ none: null, lora: { targets: ['q', 'v'], rank: 8 }, rate: 1 })).toBe(keyOf(one))
  expect(keyOf({ ...one, rate: 2 })).not.toBe(keyOf(one))
  expect(keyOf({ ...one, lora: { rank: 8, targets: ['v', 'q'] } })).not.toBe(keyOf(one))
  expect(keyOf({ limit: Infinity })).not.toBe(keyOf({ limit: null }))
})
