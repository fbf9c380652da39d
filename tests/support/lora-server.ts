// A server in the shape of vLLM's, with LoRA at run time, as its calls were recorded (lora-calls.ts): what is loaded twice or
// never was is an error, an unknown model is 404. Behind it is the engine on a tiny base, which reads the adapters from the
// folders it is told of: so its answers can be held against the engine's own.
import { existsSync } from 'node:fs'
import { serve } from '@hono/node-server'
import { Hono, type Context } from 'hono'
import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import type { Adapter } from '../../services/engine/adapter/adapter.ts'
import { readPeftFolder } from '../../services/engine/adapter/peft.ts'
import type { DrawnToken, Engine } from '../../services/engine/engine.ts'

export interface TestLoraServer {
  /** With `/v1`. */
  url: string
  /** Calls in order, e.g. `load palimpsest-…`, `complete base`. */
  calls: string[]
  loaded: Map<string, Adapter>
  /** Answers as the base whatever is asked, as a server that dropped an adapter silently would. */
  forgetful: boolean
  stop(): Promise<void>
}

const completionSchema = z.object({
  model: z.string(),
  prompt: z.array(z.number().int()),
  max_tokens: z.number().int(),
  temperature: z.number(),
  top_p: z.number(),
  stop: z.array(z.string()),
  seed: z.number().optional(),
  stop_token_ids: z.array(z.number().int()),
  logprobs: z.number().int(),
  return_tokens_as_token_ids: z.literal(true),
})

/** What it refuses to load above, as `--max-lora-rank` says. */
const rankMax = 32
const errorTypes = { 400: 'InvalidUserInput', 404: 'NotFoundError', 500: 'InternalServerError' } as const

/** The base is called `base`. */
export async function startLoraServer(engine: Engine): Promise<TestLoraServer> {
  const calls: string[] = []
  const loaded = new Map<string, Adapter>()
  const app = new Hono()
  const failure = (c: Context, status: keyof typeof errorTypes, message: string) =>
    c.json({ error: { message, type: errorTypes[status], param: null, code: status } }, status)

  app.get('/v1/models', (c) => c.json({ object: 'list', data: ['base', ...loaded.keys()].map((id) => ({ id })) }))
  app.post('/v1/load_lora_adapter', async (c) => {
    const { lora_name: name, lora_path: path } = await c.req.json<{ lora_name: string; lora_path: string }>()
    calls.push(`load ${name}`)
    if (loaded.has(name)) return failure(c, 400, `The lora adapter '${name}' has already been loaded.`)
    if (!existsSync(path)) return failure(c, 404, `Loading lora ${name} failed: No adapter found for ${path}`)
    const adapter = readPeftFolder(path, engine.base.config)
    const { rank } = adapter.config
    if (rank > rankMax)
      return failure(
        c,
        500,
        `Call to add_lora method failed: LoRA rank ${rank} is greater than max_lora_rank ${rankMax}.`,
      )
    loaded.set(name, adapter)
    return c.text(`Success: LoRA adapter '${name}' added successfully.`)
  })
  app.post('/v1/unload_lora_adapter', async (c) => {
    const { lora_name: name } = await c.req.json<{ lora_name: string }>()
    calls.push(`unload ${name}`)
    if (!loaded.delete(name)) return failure(c, 404, `The lora adapter '${name}' cannot be found.`)
    return c.text(`Success: LoRA adapter '${name}' removed successfully.`)
  })
  // One at a time, as the engine runs.
  let last: Promise<unknown> = Promise.resolve()
  app.post('/v1/completions', async (c) => {
    const asked = completionSchema.parse(await c.req.json())
    calls.push(`complete ${asked.model}`)
    const adapter = asked.model === 'base' ? null : loaded.get(asked.model)
    if (adapter === undefined) return failure(c, 404, `The model \`${asked.model}\` does not exist.`)
    const shown: DrawnToken[] = []
    const row = {
      ...{ temperature: asked.temperature, topP: asked.top_p, stop: asked.stop, seed: asked.seed ?? 0 },
      ...{ alternatives: asked.logprobs, onPiece: (_: string, tokens: readonly DrawnToken[]) => shown.push(...tokens) },
    }
    const turn = last.then(() =>
      engine.generate([asked.prompt], {
        adapter: server.forgetful ? null : adapter,
        tokensMax: asked.max_tokens,
        rows: [row],
      }),
    )
    last = turn.catch(() => undefined)
    const [generation] = await turn
    if (generation === undefined) return failure(c, 400, 'nothing was generated')
    const logprobs = {
      tokens: generation.tokens.map((id) => `token_id:${id}`),
      token_logprobs: generation.logprobs,
      // The drawn one, and the likeliest, which it mostly is among.
      top_logprobs: generation.tokens.map((id, index) =>
        Object.fromEntries(
          [{ id, logprob: generation.logprobs[index] }, ...(shown[index]?.alternatives ?? [])].map((token) => [
            `token_id:${token.id}`,
            token.logprob,
          ]),
        ),
      ),
    }
    const choice = { index: 0, text: generation.text, finish_reason: generation.finish, logprobs }
    return c.json({ object: 'text_completion', model: server.forgetful ? 'base' : asked.model, choices: [choice] })
  })
  const http = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }) as Server
  if (!http.listening) await once(http, 'listening')
  const server: TestLoraServer = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/v1`,
    calls,
    loaded,
    forgetful: false,
    async stop() {
      http.closeAllConnections()
      http.close()
      await once(http, 'close')
    },
  }
  return server
}
