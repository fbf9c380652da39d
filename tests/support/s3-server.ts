// Real S3 servers for test files, each on a port of its own: ministack, installed by `npm test`, in memory; and the Versity
// gateway over a folder, where VERSITYGW names its binary (`go install github.com/versity/versitygw/cmd/versitygw@v1.8.0`
// makes it).
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { findFreePort } from '../../infra/local/port.ts'
import { s3ServerFolder } from '../../infra/local/setup/s3-test-server.mjs'

export interface S3Server {
  endpoint: string
  region: string
  credentials: { accessKeyId: string; secretAccessKey: string }
  stop(): Promise<void>
}

const startSeconds = 30
const region = 'us-east-1'

/** The servers that can be started here, by name. */
export const s3Servers: [name: string, start: () => Promise<S3Server>][] = [['ministack', startS3Server]]
if (process.env['VERSITYGW'] !== undefined) s3Servers.push(['Versity gateway', startVersityGateway])

/** Buckets are made by the caller; path-style addressing is needed. It takes any key. */
export async function startS3Server(): Promise<S3Server> {
  const library = s3ServerFolder()
  if (!existsSync(library)) throw new Error('The S3 server is not installed: run "npm run setup" once.')
  return await startServer(['python3', '-m', 'ministack'], (port, folder) => ({
    PYTHONPATH: library,
    GATEWAY_PORT: String(port),
    BIND_HOST: '127.0.0.1',
    SERVICES: 's3',
    LOG_LEVEL: 'WARNING',
    TMPDIR: folder,
    S3_DATA_DIR: join(folder, 's3'),
  }))
}

/** Keeps objects as files, and checks signatures. */
async function startVersityGateway(): Promise<S3Server> {
  return await startServer([process.env['VERSITYGW'] ?? '', 'posix', 'data'], (port) => ({
    VGW_PORT: `127.0.0.1:${port}`,
    ROOT_ACCESS_KEY: 'test',
    ROOT_SECRET_KEY: 'test',
    VGW_REGION: region,
  }))
}

export async function createBucket({ endpoint, credentials }: S3Server, name: string): Promise<void> {
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true })
  await client.send(new CreateBucketCommand({ Bucket: name }))
  client.destroy()
}

/** Starts it in an empty folder and waits until it answers, whatever it says. */
async function startServer(
  [command = '', ...options]: string[],
  environment: (port: number, folder: string) => Record<string, string>,
): Promise<S3Server> {
  const port = await findFreePort()
  const folder = await mkdtemp(join(tmpdir(), 'palimpsest-test-s3-'))
  await mkdir(join(folder, 'data'))
  const child = spawn(command, options, {
    cwd: folder,
    env: { ...process.env, ...environment(port, folder) },
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
  return { endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, stop }
}

async function answers(endpoint: string): Promise<boolean> {
  return fetch(endpoint).then(
    () => true,
    () => false,
  )
}
