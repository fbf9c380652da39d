// The types of the client are made from the API's own description; this test also writes them (`npm run client-types`).
import openapiTypescript, { astToString, type OpenAPI3 } from 'openapi-typescript'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApi, type TestApi } from '../support/api.ts'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.close())

const head = `// Written by \`npm run client-types\` from the API's description; tests/client/openapi.test.ts holds it to that.\n\n`

test('the types of the client are those of the API; `npm run client-types` writes them anew', async () => {
  const description = (await (await api.raw('/openapi.json')).json()) as OpenAPI3
  const source = head + astToString(await openapiTypescript(description, { defaultNonNullable: false }))
  await expect(source).toMatchFileSnapshot('../../services/client/openapi.ts')
})
