// A real S3 server for one test file: ministack, installed by `npm test`, in memory, on a port of its own.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findFreePort } from '../../infra/local/port.ts'
import { s3ServerFolder } from '../../infra/local/setup/s3-test-server.mjs'

export interface S3Server {
  endpoint: string
  region: string
  credentials: { accessKeyId: string; secretAccessKey: string }
  stop(): Promise<void>
}

const startSeconds = 30

/** Starts it and waits until it answers. Buckets are made by the caller; path-style addressing is needed. */
export async function startS3Server(): Promise<S3Server> {
  const library = s3ServerFolder()
  if (!existsSync(library)) throw new Error('The S3 server is not installed: run "npm run setup" once.')
  const port = await findFreePort()
  const folder = await mkdtemp(join(tmpdir(), 'palimpsest-test-s3-'))
  const child = spawn('python3', ['-m', 'ministack'], {
    cwd: folder,
    env: {
      ...process.env,
      PYTHONPATH: library,
      GATEWAY_PORT: String(port),
      BIND_HOST: '127.0.0.1',
      SERVICES: 's3',
      LOG_LEVEL: 'WARNING',
      TMPDIR: folder,
      S3_DATA_DIR: join(folder, 's3'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL') // it holds nothing that is worth a shutdown
    await exited
    await rm(folder, { recursive: true, force: true })
  }
  const endpoint = `http://127.0.0.1:${port}`
  const deadline = Date.now() + startSeconds * 1000
  while (!(await answers(endpoint))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop()
      throw new Error(`The S3 server did not start:\n${output.slice(-2000)}`)
    }
    await sleep(50)
  }
  return { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, stop }
}

async function answers(endpoint: string): Promise<boolean> {
  return fetch(endpoint).then(
    (response) => response.ok,
    () => false,
  )
}
