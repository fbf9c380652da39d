// `npm run check:vllm`: the answer path against a vLLM that runs already. Its calls, one by one, as the stand-in of the tests
// keeps them; what it says held against the engine's own probabilities; and the service's own processes with INFERENCE_URL.
// Adapters are random ones, strong enough that an answer tells which gave it: nothing is trained.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Adapter } from '../../services/engine/adapter/adapter.ts'
import { encodeAdapter, writePeftFolder } from '../../services/engine/adapter/peft.ts'
import { promptTokens } from '../../services/engine/ask.ts'
import { LINEAR_NAMES } from '../../services/engine/base/model-config.ts'
import { createEngine } from '../../services/engine/create-engine.ts'
import type { Engine } from '../../services/engine/engine.ts'
import { createRandom } from '../../services/engine/random.ts'
import { newAdapter } from '../../services/engine/train/new-adapter.ts'
import { createLoraServer } from '../../services/inference/lora-server.ts'
import { createRemoteQueue } from '../../services/inference/remote-queue.ts'
import { baseModelOf } from '../../shared/config.ts'
import { closedBookMessages } from '../../shared/prompts.ts'
import { loraPromises } from '../support/lora-calls.ts'
import { startTaughtService, type TaughtService } from '../support/taught-service.ts'

const help = `Usage: npm run check:vllm -- --url URL [FLAGS]

Holds the service against a running vLLM, which the caller starts on the folder that the service's base was exported to:

  npm run palimpsest -- export base --out base-folder
  VLLM_ALLOW_RUNTIME_LORA_UPDATING=True vllm serve base-folder --served-model-name base --enable-lora --max-lora-rank 32
  npm run check:vllm -- --url http://127.0.0.1:8000/v1

  --url URL       where its API lies
  --model NAME    the base, as it names it (base)

The base is read from BASE_MODEL as well (else the embedded one). Both must run on this machine: adapters are handed over as
folders. It takes a minute or two, and unloads what it loaded.
`

/** Of a token, nats: both round to bfloat16, each in its own order. */
const differenceMax = 0.25
const rankMax = 32
const questions = {
  bridge: 'Who built the Lantern Bridge?',
  tower: 'Who built the Copper Tower?',
  other: 'What is the capital of France?',
}

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    model: { type: 'string', default: 'base' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

if (values.help || values.url === undefined) {
  console.log(help)
  process.exitCode = values.help ? 0 : 2
} else process.exitCode = (await check(values.url.replace(/\/+$/, ''), values.model)) ? 0 : 1

async function check(url: string, model: string): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'palimpsest-check-vllm-'))
  const engine = await createEngine({ base: baseModelOf(process.env) })
  const setting: Setting = { url, model, folder, engine }
  let kept = true
  try {
    for (const [name, prove] of [...callsOf(setting), ...againstEngine(setting), ...throughService(setting)]) {
      const startedAt = performance.now()
      const failure = await prove().then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      )
      kept &&= failure === undefined
      console.log(
        `${failure === undefined ? 'ok  ' : 'FAIL'} ${name} (${Math.round(performance.now() - startedAt)} ms)`,
      )
      if (failure !== undefined) console.log(`     ${failure}`)
    }
    return kept
  } finally {
    await unloadOurs(url)
    engine.close()
    await rm(folder, { recursive: true, force: true })
  }
}

interface Setting {
  url: string
  model: string
  folder: string
  engine: Engine
}
type Proof = [name: string, prove: () => Promise<void>]

function callsOf({ url, model, folder, engine }: Setting): Proof[] {
  const folders = { first: join(folder, 'first'), second: join(folder, 'second'), tooLarge: join(folder, 'too-large') }
  writePeftFolder(folders.first, encodeAdapter(randomAdapter(engine, 1), engine.base))
  writePeftFolder(folders.second, encodeAdapter(randomAdapter(engine, 2), engine.base))
  writePeftFolder(folders.tooLarge, encodeAdapter(randomAdapter(engine, 3, 2 * rankMax), engine.base))
  return loraPromises({ url, model, folders, prompt: ask(engine, questions.other) })
}

/** Every token that vLLM drew has the probability that the engine gives it. */
function againstEngine({ url, model, folder, engine }: Setting): Proof[] {
  const connect = (adaptersMax?: number) => {
    const place = { url, model, apiKey: undefined, folder: join(folder, 'own'), base: engine.base }
    return createRemoteQueue(
      createLoraServer({ ...place, ...(adaptersMax === undefined ? {} : { adaptersMax }) }),
      engine.tokenizer.endIds,
    )
  }
  const adapters: [string, Adapter | null][] = [
    ['the base', null],
    ['an adapter', randomAdapter(engine, 4)],
    ['another adapter', randomAdapter(engine, 5)],
  ]
  const compared = adapters.map(([name, adapter]): Proof => {
    return [
      `${name}: tokens have the engine's probabilities`,
      async () => {
        const prompt = ask(engine, adapter ? questions.bridge : questions.other)
        const { tokens, logprobs, finish } = await connect().submit({ prompt, adapter, options: { tokensMax: 48 } })
        const [told] = await engine.teach([{ prompt, answer: tokens }], { k: 1, adapter })
        const differences = logprobs.map((logprob, index) => Math.abs(logprob - (told?.logprobs[index] ?? NaN)))
        const worst = Math.max(...differences)
        console.log(`     ${tokens.length} tokens, ${finish}; largest difference ${worst.toFixed(3)} nats`)
        assert.ok(
          worst <= differenceMax,
          `more than ${differenceMax}: ${differences.map((x) => x.toFixed(2)).join(' ')}`,
        )
      },
    ]
  })
  const unloading: Proof = [
    'of too many adapters the least recently used is unloaded',
    async () => {
      const before = new Set(await listOurs(url))
      const queue = connect(before.size + 2)
      const prompt = ask(engine, questions.bridge)
      for (const seed of [6, 7, 8, 9])
        await queue.submit({ prompt, adapter: randomAdapter(engine, seed), options: { tokensMax: 1 } })
      const after = await listOurs(url)
      assert.equal(after.length, before.size + 2)
    },
  ]
  return [...compared, unloading]
}

/** Versions of one and of two adapters, the second too large to be loaded. */
function throughService({ url, model, folder, engine }: Setting): Proof[] {
  let service: TaughtService | undefined
  const started = async (): Promise<TaughtService> => {
    if (service === undefined) throw new Error('the service did not start')
    return service
  }
  return [
    [
      'the service starts with INFERENCE_URL',
      async () => {
        const { id, sha256 } = engine.base
        const lessons = [randomAdapter(engine, 10), randomAdapter(engine, 11, 2 * rankMax)].map((adapter, index) => ({
          about: index === 0 ? 'Lantern Bridge' : 'Copper Tower',
          adapter: encodeAdapter(adapter, engine.base),
          scale: 1,
        }))
        const env = { INFERENCE_URL: url, INFERENCE_MODEL: model, INFERENCE_ADAPTERS: join(folder, 'handed-over') }
        service = await startTaughtService(
          { path: baseModelOf(process.env), id, sha256 },
          lessons,
          ['inference', 'api'],
          env,
        )
      },
    ],
    [
      'a question is answered from the adapter of its document, another one by the base',
      async () => {
        const before = await listOurs(url)
        const [bridge, other] = [
          await query(await started(), questions.bridge),
          await query(await started(), questions.other),
        ]
        assert.deepEqual([bridge.status, bridge.body.documents?.length, bridge.body.model], [200, 1, 'default@v2'])
        assert.deepEqual([other.status, other.body.documents?.length], [200, 0])
        assert.equal((await listOurs(url)).length, before.length + 1)
      },
    ],
    [
      'an adapter that cannot be loaded is an error that says so, not an answer of the base',
      async () => {
        const { status, body } = await query(await started(), questions.tower)
        assert.deepEqual([status, body.code], [503, 'adapter_unavailable'])
      },
    ],
    [
      'an adapter that the server lost is loaded again',
      async () => {
        await unloadOurs(url)
        const { status, body } = await query(await started(), questions.bridge)
        assert.deepEqual([status, body.documents?.length], [200, 1])
      },
    ],
    ['the service stops', async () => await service?.stop()],
  ]
}

interface Answered {
  status: number
  body: { model?: string; documents?: unknown[]; code?: string }
}

async function query({ url, key }: TaughtService, question: string): Promise<Answered> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const response = await fetch(`${url}/v1/query`, { method: 'POST', headers, body: JSON.stringify({ question }) })
  return { status: response.status, body: (await response.json()) as Answered['body'] }
}

function ask(engine: Engine, question: string): number[] {
  return promptTokens(engine, closedBookMessages(question))
}

/** Both factors random, the update about a tenth of a matrix: another model, though one that still speaks. */
function randomAdapter(engine: Engine, seed: number, rank = 8): Adapter {
  const adapter = newAdapter(engine.base.config, { rank, alpha: rank, targets: LINEAR_NAMES }, seed)
  const random = createRandom(seed)
  for (const [name, { data }] of adapter.tensors)
    if (name.endsWith('.lora_B')) for (let i = 0; i < data.length; i++) data[i] = (2 * random() - 1) * 0.05
  return adapter
}

async function listOurs(url: string): Promise<string[]> {
  const { data } = (await (await fetch(`${url}/models`)).json()) as { data: { id: string }[] }
  return data.map(({ id }) => id).filter((id) => id.startsWith('palimpsest-') || id.startsWith('check-'))
}

async function unloadOurs(url: string): Promise<void> {
  for (const lora_name of await listOurs(url)) {
    const body = JSON.stringify({ lora_name })
    await fetch(`${url}/unload_lora_adapter`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  }
}
