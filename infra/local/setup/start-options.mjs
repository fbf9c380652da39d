// The flags of `npm start` and its help. Plain JavaScript, so that --help and a mistyped flag are answered before
// anything is installed.
import { parseArgs } from 'node:util'
import { PlainError } from './plain-error.mjs'

export const startHelp = `Usage: npm start [-- FLAGS]

Installs what is missing, then runs Palimpsest: Postgres, the API, the trainer, inference and the notifier.
Ctrl-C stops everything; documents, versions and adapters stay.

Flags
  --port N        port of the API (PORT, else 8787)
  --host NAME     address the API listens on (HOST, else 127.0.0.1)
  --home FOLDER   where all state lies (PALIMPSEST_HOME, else .palimpsest in this folder)
  --base FILE     base model: a GGUF file, a safetensors folder or a Hub id (BASE_MODEL, else SmolLM2-135M-Instruct)
  --help          this text

Environment
  PALIMPSEST_API_KEY      the key that callers must send; without it one is made and kept in HOME/api-key
  DATABASE_URL            a Postgres of your own; none is started then
  PALIMPSEST_PG_PORT      port of the Postgres that is started (else a free one)
  S3_BUCKET, S3_ENDPOINT  keep adapters in S3 (credentials as for any AWS program); else in HOME/objects;
                          S3_REGION, else AWS_REGION, is its region
  ENGINE_URL              an inference process of ours that runs already; none is started then
  DEVICE                  where the base computes: auto (a GPU where there is one), cpu or gpu (else auto)
  PRECISION               how its weights are kept: bfloat16 or float32 (else bfloat16)
  INFERENCE_URL, INFERENCE_MODEL  a server with LoRA at run time that answers questions in place of our engine (vLLM,
                          see docs/operations.md); INFERENCE_API_KEY is its key, INFERENCE_ADAPTERS the folder in which
                          it finds adapters (else HOME/answer-adapters)
  STUDY_ADAPTER           folder of the adapter that helps the base to write self-edits
  STUDY_URL, STUDY_MODEL  a chat model (OpenAI's format, e.g. http://127.0.0.1:8000/v1) that writes the self-edits in
                          place of the base; STUDY_API_KEY is its key
  JUDGE_URL, JUDGE_MODEL  a chat model (OpenAI's format, e.g. http://127.0.0.1:8000/v1) that grades answers to long golds;
                          JUDGE_API_KEY is its key; without them the built-in grader does
  PALIMPSEST_CACHE        where downloads are kept (else ~/.cache/palimpsest)
  ALLOW_PRIVATE_WEBHOOKS  addresses and ranges (127.0.0.1,10.2.0.0/16) that webhooks may reach although they are private,
                          by http too; true: all of them
  PUBLIC_URL              the API's address as others know it, for the links in webhooks (else http://HOST:PORT, with
                          127.0.0.1 where HOST is 0.0.0.0)
  RATE_LIMIT_PER_MINUTE   requests that a key may make a minute (else 1200; 0: any number)
  CORS_ORIGINS            origins whose pages may call from a browser, separated by commas (else none)
  LEASE_SECONDS           time after which a trainer that shows no life loses its update (else 20)
  OTEL_EXPORTER_OTLP_ENDPOINT  where OpenTelemetry traces go (else none are made)
  LOG_LEVEL               of the services' logs in HOME/logs (else info)
  CXX                     C++ compiler to use for the TensorFlow binding
`

/**
 * @typedef {{ help: boolean, port?: number, host?: string, home?: string, base?: string }} StartOptions
 * @param {string[]} args
 * @returns {StartOptions} only what was given; throws a PlainError on what is not known
 */
export function parseStartOptions(args) {
  const values = parseFlags(args)
  const port = values.port === undefined ? undefined : Number(values.port)
  if (port !== undefined && !(Number.isInteger(port) && port >= 1 && port <= 65535)) {
    throw new PlainError(`--port must be a number from 1 to 65535, not "${values.port}".`)
  }
  const { host, home, base } = values
  return {
    help: values.help ?? false,
    ...(port === undefined ? {} : { port }),
    ...(host === undefined ? {} : { host }),
    ...(home === undefined ? {} : { home }),
    ...(base === undefined ? {} : { base }),
  }
}

/** @param {string[]} args */
function parseFlags(args) {
  try {
    return parseArgs({
      args,
      options: {
        help: { type: 'boolean', short: 'h' },
        port: { type: 'string' },
        host: { type: 'string' },
        home: { type: 'string' },
        base: { type: 'string' },
      },
    }).values
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('. ')[0] : String(error)
    throw new PlainError(`${reason}. "npm start -- --help" lists the flags.`)
  }
}
