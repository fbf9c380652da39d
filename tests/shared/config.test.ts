import { expect, test } from 'vitest'
import { parseConfig } from '../../shared/config.ts'

const databaseUrl = 'postgres://palimpsest:secret@127.0.0.1:5432/palimpsest'

test('the local defaults need nothing but a database', () => {
  expect(
    parseConfig({ DATABASE_URL: databaseUrl, PALIMPSEST_HOME: '/state', XDG_CACHE_HOME: '/cache', PORT: '' }),
  ).toMatchObject({
    databaseUrl,
    host: '127.0.0.1',
    port: 8787,
    engineUrl: 'http://127.0.0.1:8788',
    home: '/state',
    objectStore: { kind: 'folder', path: '/state/objects' },
    baseModel: '/cache/palimpsest/base/SmolLM2-135M-Instruct.Q4_1.gguf',
    studyAdapter: undefined,
    apiKey: undefined,
    logLevel: 'info',
  })
})

test('a bucket swaps the folder for S3', () => {
  const env = {
    DATABASE_URL: databaseUrl,
    S3_BUCKET: 'adapters',
    S3_ENDPOINT: 'http://127.0.0.1:9000',
    AWS_REGION: 'eu-central-1',
  }
  expect(parseConfig(env).objectStore).toEqual({
    kind: 's3',
    bucket: 'adapters',
    endpoint: 'http://127.0.0.1:9000',
    region: 'eu-central-1',
  })
})

test('a judge is an address and a model, or none', () => {
  const env = { DATABASE_URL: databaseUrl, JUDGE_URL: 'http://127.0.0.1:8000/v1' }
  expect(parseConfig({ ...env, JUDGE_MODEL: 'm' }).judge).toEqual({ url: env.JUDGE_URL, model: 'm', apiKey: undefined })
  expect(parseConfig({ DATABASE_URL: databaseUrl, JUDGE_URL: '' }).judge).toBeUndefined()
  expect(() => parseConfig(env)).toThrow(/JUDGE_URL and JUDGE_MODEL/)
  expect(() => parseConfig({ ...env, JUDGE_MODEL: 'm', JUDGE_URL: 'ftp://x' })).toThrow(/JUDGE_URL must be a URL/)
})

test('a model outside that writes self-edits is named whole or not at all', () => {
  const named = { STUDY_URL: 'http://127.0.0.1:8000/v1', STUDY_MODEL: 'qwen', STUDY_API_KEY: 'sk-secret' }
  expect(parseConfig({ DATABASE_URL: databaseUrl, ...named }).generator).toEqual({
    url: 'http://127.0.0.1:8000/v1',
    model: 'qwen',
    apiKey: 'sk-secret',
  })
  expect(parseConfig({ DATABASE_URL: databaseUrl }).generator).toBeUndefined()
  for (const name of Object.keys(named).slice(0, 2))
    expect(() => parseConfig({ DATABASE_URL: databaseUrl, ...named, [name]: '' })).toThrow(/belong together/)
})

test('everything wrong in the environment is named at once', () => {
  expect(() => parseConfig({ PORT: '99999', DATABASE_URL: 'mysql://x/y', LOG_LEVEL: 'loud' })).toThrow(
    /DATABASE_URL must be a Postgres URL.*PORT.*LOG_LEVEL/,
  )
  expect(() => parseConfig({})).toThrow(/DATABASE_URL/)
})

test('links begin with an address that can be opened, of whatever address the API listens on', () => {
  const hostOf = (HOST: string) => new URL(parseConfig({ DATABASE_URL: 'postgres://u@h/d', HOST }).publicUrl).host
  expect(['127.0.0.1', '0.0.0.0', '::', '::1', 'palimpsest.example.com'].map(hostOf)).toEqual([
    ...['127.0.0.1:8787', '127.0.0.1:8787', '[::1]:8787', '[::1]:8787', 'palimpsest.example.com:8787'],
  ])
})
