// The environment, read once by each process's main and handed down as a plain object. Empty variables count as unset,
// because that is what `FOO= npm start` means. Everything wrong is reported at once.
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { AppError } from './errors.ts'
import { allowPrivateSchema, type AllowPrivate } from './webhooks/public-address.ts'

export type ObjectStoreConfig =
  { kind: 'folder'; path: string } | { kind: 's3'; bucket: string; endpoint?: string; region?: string }

/** A model outside that speaks OpenAI's format. */
export interface ChatModelConfig {
  /** The address under which its API lies, e.g. `http://127.0.0.1:8000/v1`. */
  url: string
  model: string
  apiKey: string | undefined
}

export interface Config {
  databaseUrl: string
  host: string
  port: number
  /** Where the inference process listens, and where the API asks it. */
  engineUrl: string
  /** The folder that holds all local state. */
  home: string
  objectStore: ObjectStoreConfig
  /** A GGUF file, a safetensors folder or a Hub id. */
  baseModel: string
  /** Where the base computes; `auto` takes a GPU where there is one. */
  device: (typeof devices)[number]
  /** How its frozen weights are kept, see docs/engine.md. */
  precision: (typeof precisions)[number]
  /** A folder in PEFT's layout; undefined where the base studies without one. */
  studyAdapter: string | undefined
  /** A model outside that writes self-edits in place of the base, in OpenAI's format; undefined where the base does. */
  generator: ChatModelConfig | undefined
  /** Undefined: the process that needs it reads `api-key` in `home`. */
  apiKey: string | undefined
  /** Where webhooks may use http and private addresses; nowhere unless asked for, see shared/webhooks/webhook-url.ts. */
  allowPrivateWebhooks: AllowPrivate
  /** The address at which others reach the API; the links in webhooks begin with it. */
  publicUrl: string
  /**
   * How long a trainer holds an update without a sign of life: long enough for a pause of the process (a step of training
   * blocks it for seconds), short enough that a killed trainer's update is taken over soon.
   */
  leaseSeconds: number
  /** Requests a minute that a key may make; null: any number. */
  ratePerMinute: number | null
  /** Origins whose pages may call the API from a browser. */
  corsOrigins: readonly string[]
  /** A server outside that answers in place of the engine, with the adapters that it is given; undefined: the engine does. */
  answering: (ChatModelConfig & { adapters: string }) | undefined
  /** Grades answers to long golds; undefined: the built-in grader does. */
  judge: ChatModelConfig | undefined
  logLevel: LogLevel
  /** Where OpenTelemetry traces go; undefined: nowhere, none are made. */
  tracesUrl: string | undefined
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]
const devices = ['auto', 'cpu', 'gpu'] as const
const precisions = ['bfloat16', 'float32'] as const

const environmentSchema = z.object({
  DATABASE_URL: z.url({
    protocol: /^postgres(ql)?$/,
    error: 'must be a Postgres URL like postgres://user:password@host:5432/name',
  }),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65535).default(8787),
  ENGINE_URL: z.url({ protocol: /^https?$/ }).default('http://127.0.0.1:8788'),
  PALIMPSEST_HOME: z.string().default('.palimpsest'),
  S3_BUCKET: z.string().optional(),
  S3_ENDPOINT: z.url().optional(),
  S3_REGION: z.string().optional(),
  AWS_REGION: z.string().optional(),
  DEVICE: z.enum(devices).default('auto'),
  PRECISION: z.enum(precisions).default('bfloat16'),
  STUDY_ADAPTER: z.string().optional(),
  STUDY_URL: z.url({ protocol: /^https?$/, error: 'must be a URL like http://127.0.0.1:8000/v1' }).optional(),
  STUDY_MODEL: z.string().optional(),
  STUDY_API_KEY: z.string().optional(),
  PALIMPSEST_API_KEY: z.string().min(16, 'must have at least 16 characters').optional(),
  ALLOW_PRIVATE_WEBHOOKS: allowPrivateSchema.default(false),
  PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'must be a URL like https://palimpsest.example.com' }).optional(),
  RATE_LIMIT_PER_MINUTE: z.coerce.number().int().min(0).max(1_000_000).default(1_200),
  CORS_ORIGINS: z.string().default('').transform(parseOrigins),
  LEASE_SECONDS: z.coerce.number().min(1).max(3600).default(20),
  INFERENCE_URL: z.url({ protocol: /^https?$/, error: 'must be a URL like http://127.0.0.1:8000/v1' }).optional(),
  INFERENCE_MODEL: z.string().optional(),
  INFERENCE_API_KEY: z.string().optional(),
  INFERENCE_ADAPTERS: z.string().optional(),
  JUDGE_URL: z.url({ protocol: /^https?$/, error: 'must be a URL like http://127.0.0.1:8000/v1' }).optional(),
  JUDGE_MODEL: z.string().optional(),
  JUDGE_API_KEY: z.string().optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  LOG_LEVEL: z.enum(logLevels).default('info'),
})
type Environment = z.infer<typeof environmentSchema>

/** Throws `invalid_request` that names every variable that is missing or wrong. */
export function parseConfig(env: Record<string, string | undefined>): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = environmentSchema.safeParse(set)
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`)
    throw new AppError('invalid_request', `the environment does not fit: ${problems.join('; ')}`)
  }
  const environment = parsed.data
  const home = resolve(environment.PALIMPSEST_HOME)
  return {
    databaseUrl: environment.DATABASE_URL,
    host: environment.HOST,
    port: environment.PORT,
    engineUrl: environment.ENGINE_URL.replace(/\/+$/, ''),
    home,
    objectStore: objectStoreOf(environment, home),
    baseModel: baseModelOf(set),
    device: environment.DEVICE,
    precision: environment.PRECISION,
    studyAdapter: environment.STUDY_ADAPTER,
    generator: chatModelOf(environment, 'STUDY'),
    apiKey: environment.PALIMPSEST_API_KEY,
    allowPrivateWebhooks: environment.ALLOW_PRIVATE_WEBHOOKS,
    publicUrl: (environment.PUBLIC_URL ?? listeningUrl(environment.HOST, environment.PORT)).replace(/\/+$/, ''),
    leaseSeconds: environment.LEASE_SECONDS,
    ratePerMinute: environment.RATE_LIMIT_PER_MINUTE === 0 ? null : environment.RATE_LIMIT_PER_MINUTE,
    corsOrigins: environment.CORS_ORIGINS,
    answering: answeringOf(environment, home),
    judge: chatModelOf(environment, 'JUDGE'),
    logLevel: environment.LOG_LEVEL,
    tracesUrl: environment.OTEL_EXPORTER_OTLP_ENDPOINT,
  }
}

/** `https://a.example,https://b.example`, or `*` alone. */
function parseOrigins(text: string, context: z.RefinementCtx): string[] {
  const origins = text.split(',').flatMap((one) => one.trim() || [])
  const wrong = origins.find((one) => one !== '*' && (!URL.canParse(one) || new URL(one).origin !== one))
  if (wrong === undefined) return origins
  context.addIssue(`must be origins like https://app.example.com, separated by commas, not "${wrong}"`)
  return z.NEVER
}

/** A model without an address, or the other way round, is a slip that would go unseen until somebody misses the model. */
function chatModelOf(environment: Environment, name: 'JUDGE' | 'STUDY' | 'INFERENCE'): ChatModelConfig | undefined {
  const [url, model, apiKey] = [
    environment[`${name}_URL`],
    environment[`${name}_MODEL`],
    environment[`${name}_API_KEY`],
  ]
  if (url !== undefined && model !== undefined) return { url, model, apiKey }
  if (url === undefined && model === undefined && apiKey === undefined) return undefined
  throw new AppError('invalid_request', `the environment does not fit: ${name}_URL and ${name}_MODEL belong together`)
}

/** Adapters are handed over as folders, which the server finds under the same path. */
function answeringOf(environment: Environment, home: string): Config['answering'] {
  const server = chatModelOf(environment, 'INFERENCE')
  return server && { ...server, adapters: resolve(environment.INFERENCE_ADAPTERS ?? join(home, 'answer-adapters')) }
}

/** Where this machine finds what listens at `host`; on all addresses is on the loopback one too. */
export function listeningUrl(host: string, port: number): string {
  const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`
}

function objectStoreOf(environment: Environment, home: string): ObjectStoreConfig {
  if (environment.S3_BUCKET === undefined) return { kind: 'folder', path: join(home, 'objects') }
  const region = environment.S3_REGION ?? environment.AWS_REGION
  return {
    kind: 's3',
    bucket: environment.S3_BUCKET,
    ...(environment.S3_ENDPOINT === undefined ? {} : { endpoint: environment.S3_ENDPOINT }),
    ...(region === undefined ? {} : { region }),
  }
}

/** A GGUF file, a folder or a Hub id; where none is named, the file in which the setup puts the embedded base. */
export function baseModelOf(env: Record<string, string | undefined>): string {
  const { BASE_MODEL, PALIMPSEST_CACHE, XDG_CACHE_HOME } = env
  const cache = PALIMPSEST_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'palimpsest')
  return BASE_MODEL || join(cache, 'base', 'SmolLM2-135M-Instruct.Q4_1.gguf')
}
