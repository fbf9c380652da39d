// What can be known of the container without building it; `npm run try:container` runs its steps.
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ENGINE_ENVIRONMENT } from '../../infra/local/engine-environment.ts'

const repository = join(import.meta.dirname, '../..')
const dockerfile = readFileSync(join(repository, 'infra/container/Dockerfile'), 'utf8').replaceAll(/\\\n/g, ' ')
const final = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '))

test('the image runs without root, is told to end by SIGTERM, and says whether it is healthy', () => {
  expect(/^USER (\d+):(\d+)$/m.exec(final)?.slice(1).map(Number)).toEqual([10001, 10001])
  expect(final).toMatch(/^STOPSIGNAL SIGTERM$/m)
  expect(final).toMatch(/^HEALTHCHECK .*check-health\.mjs/m)
  // The process itself is asked to end, not a shell before it.
  expect(final).toMatch(/^ENTRYPOINT \[/m)
})

test('the image is built of files that are there, without any that a machine keeps', () => {
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+)$/gm)].flatMap(([, line = '']) =>
    line.split(' ').slice(0, -1),
  )
  expect(copied).toContain('services')
  for (const path of copied) expect(existsSync(join(repository, path)), path).toBe(true)
  const [first, ...allowed] = readFileSync(join(repository, 'infra/container/Dockerfile.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  expect(first).toBe('**')
  for (const path of copied)
    expect(
      allowed.some((line) => line.startsWith('!') && path.startsWith(line.slice(1))),
      path,
    ).toBe(true)
})

test('what holds a base is started in the image as by npm start', () => {
  for (const [name, value] of Object.entries(ENGINE_ENVIRONMENT))
    expect(final).toMatch(new RegExp(`\\b${name}=${value}\\b`))
})

async function checkHealth(url: string): Promise<number> {
  return await new Promise((resolve) => {
    const child = execFile(process.execPath, ['infra/container/check-health.mjs', url], { cwd: repository })
    child.once('exit', (code) => resolve(code ?? -1))
  })
}

test('the health check tells ready from not ready and from gone', async () => {
  let status = 503
  const server = createServer((_, response) => response.writeHead(status).end())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/health`
  expect(await checkHealth(url)).toBe(1)
  status = 200
  expect(await checkHealth(url)).toBe(0)
  server.close()
  await once(server, 'close')
  expect(await checkHealth(url)).toBe(1)
})
