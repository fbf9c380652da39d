// What a deployment of a stage would ask AWS for, without an account: sst.config.ts is bundled as SST bundles it and run
// on SST's own components, with Pulumi's mocks in the place of AWS.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'

export interface Synthesized {
  type: string
  name: string
  inputs: Record<string, unknown>
  retained: boolean
}

export interface Stage {
  app: { removal: string; protect: boolean }
  resources: Synthesized[]
}

const repository = new URL('../..', import.meta.url).pathname
const platform = join(repository, '.sst/platform')

/** SST's platform is fetched by `npm run setup:aws`, not by the setup. */
export const isPlatformInstalled = existsSync(join(platform, 'node_modules'))

/** Takes ten seconds. */
export async function synthesize(stage: string): Promise<Stage> {
  // Beside SST's packages, where Node finds them.
  const folder = await mkdtemp(join(platform, 'palimpsest-test-'))
  try {
    const bundle = join(folder, 'program.mjs')
    await build({
      stdin: { contents: program, resolveDir: platform },
      outfile: bundle,
      bundle: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      alias: { 'sst-config': join(repository, 'sst.config.ts') },
      inject: [join(platform, 'src/shim/run.js')],
      define: { STAGE: JSON.stringify(stage), ROOT: JSON.stringify(repository), PLATFORM: JSON.stringify(platform) },
      banner: { js: "import { createRequire as a } from 'node:module'; const require = a(import.meta.url)" },
      logLevel: 'error',
    })
    const out = join(folder, 'stage.json')
    await promisify(execFile)(process.execPath, [bundle, out], { maxBuffer: 1e8 })
    return JSON.parse(await readFile(out, 'utf8')) as Stage
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const program = `
import { writeFileSync } from 'node:fs'
import * as pulumi from '@pulumi/pulumi'
import * as aws from '@pulumi/aws'
import * as dockerbuild from '@pulumi/docker-build'
import config from 'sst-config'

const resources = []
const retained = new Set()
const known = {
  'aws:index/getRegion:getRegion': { region: 'eu-central-1', name: 'eu-central-1' },
  'aws:index/getAvailabilityZones:getAvailabilityZones': { names: ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'] },
  'aws:index/getCallerIdentity:getCallerIdentity': { accountId: '123456789012' },
  'aws:index/getPartition:getPartition': { partition: 'aws' },
  'aws:ssm/getParameter:getParameter': { value: 'ami-1' },
  'aws:ec2/getAmi:getAmi': { id: 'ami-2' },
  'aws:ecr/getAuthorizationToken:getAuthorizationToken': { userName: 'AWS', password: 'token' },
}
// What AWS adds to what it is asked for, of whatever kind.
const assigned = {
  endpoint: 'database.internal', readerEndpoint: 'database.internal', port: 5432,
  functionUrl: 'https://abc.lambda-url.eu-central-1.on.aws/', repositoryUrl: 'registry/images', ref: 'registry/images@sha256:1',
}
pulumi.runtime.setMocks({
  newResource({ type, name, inputs }) {
    resources.push({ type, name, inputs, retained: retained.has(name) })
    const kind = type.split(':').at(-1)
    const arn = 'arn:aws:' + kind + ':eu-central-1:123456789012:' + (inputs.name ?? name)
    return { id: name, state: { name, arn, ...assigned, ...inputs } }
  },
  call({ token, inputs }) {
    // SST writes the documents of its own policies by this one.
    if (token.endsWith('getPolicyDocument')) return { json: JSON.stringify(inputs) }
    return known[token] ?? {}
  },
}, 'palimpsest', STAGE)

const app = await config.app({ stage: STAGE })
// SST's components look for these when they are loaded.
Object.assign(globalThis, {
  aws, dockerbuild, $dev: false,
  $app: { ...app, stage: STAGE },
  $cli: { command: 'deploy', paths: { root: ROOT, platform: PLATFORM, work: PLATFORM, home: PLATFORM }, state: { version: {} } },
})
Object.assign(process.env, { SST_SECRET_ApiKey: 'a-secret-of-the-stage', SST_SECRET_AlarmEmail: 'you@example.com' })
globalThis.sst = await import('./src/components')
const { run } = await import('./src/auto/run')
function noteRetained({ name, opts }) {
  if (opts.retainOnDelete) retained.add(name)
}
await pulumi.runtime.runInPulumiStack(async () =>
  run(async () => {
    // After SST's own, which decide it.
    pulumi.runtime.registerStackTransformation(noteRetained)
    return config.run()
  }),
)
await pulumi.runtime.disconnect()
writeFileSync(process.argv[2], JSON.stringify({ app, resources }))
`
