// What the service counts on in a server with LoRA at run time, call by call, as vLLM 0.32 answers. Held against the stand-in
// of the tests (lora-server.ts) in CI and against vLLM itself by `npm run check:vllm`, so that the two cannot drift apart.
import assert from 'node:assert/strict'
import { join } from 'node:path'

export interface LoraCalls {
  /** With `/v1`. */
  url: string
  /** The base, as the server names it. */
  model: string
  /** PEFT folders of two adapters, and of one whose rank is above what the server takes. */
  folders: { first: string; second: string; tooLarge: string }
  /** Token ids, which the base goes on with for some tokens. */
  prompt: number[]
}

interface Answer {
  status: number
  text: string
  json: unknown
}

/** Name and proof of each promise, in their order; the names loaded are its own. A proof throws where it is not kept. */
export function loraPromises({ url, model, folders, prompt }: LoraCalls): [name: string, prove: () => Promise<void>][] {
  const name = `check-${process.pid}`

  async function post(path: string, body: object): Promise<Answer> {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })
    const text = await response.text()
    return { status: response.status, text, json: parse(text) }
  }
  const load = (lora_name: string, folder: string) => post('/load_lora_adapter', { lora_name, lora_path: folder })
  const unload = (lora_name: string) => post('/unload_lora_adapter', { lora_name })
  const complete = (of: string, more: object = {}) =>
    post('/completions', {
      ...{ model: of, prompt, max_tokens: 4, temperature: 0, top_p: 1, stop: [], logprobs: 0 },
      ...{ stop_token_ids: [], return_tokens_as_token_ids: true, ...more },
    })
  async function listed(): Promise<string[]> {
    const answer = (await (await fetch(`${url}/models`)).json()) as { data: { id: string }[] }
    return answer.data.map(({ id }) => id)
  }

  return [
    [
      'the base is listed and answers under its name',
      async () => {
        assert.ok((await listed()).includes(model))
        const { status, json } = await complete(model)
        assert.equal(status, 200)
        assert.equal((json as { model: string }).model, model)
      },
    ],
    [
      'an adapter is loaded under the name given, and listed',
      async () => {
        const { status, text } = await load(name, folders.first)
        assert.deepEqual([status, text], [200, `Success: LoRA adapter '${name}' added successfully.`])
        assert.ok((await listed()).includes(name))
      },
    ],
    [
      'a name that is taken is refused, whatever folder it comes with',
      async () => refusal(await load(name, folders.second), 400, 'InvalidUserInput', 'has already been loaded'),
    ],
    [
      'a folder that is not there is not found, and nothing is listed',
      async () => {
        refusal(await load(`${name}-none`, join(folders.first, 'none')), 404, 'NotFoundError', 'No adapter found for')
        assert.ok(!(await listed()).includes(`${name}-none`))
      },
    ],
    [
      'an adapter of too large a rank is an error of the server, and nothing is listed',
      async () => {
        refusal(await load(`${name}-large`, folders.tooLarge), 500, 'InternalServerError', 'rank')
        assert.ok(!(await listed()).includes(`${name}-large`))
      },
    ],
    [
      'an answer names its adapter, and tokens come as ids with the drawn one among the likeliest',
      async () => {
        const { status, json } = await complete(name, { logprobs: 2 })
        assert.equal(status, 200)
        const answer = json as Completion
        assert.equal(answer.model, name)
        const [{ logprobs }] = answer.choices
        assert.equal(logprobs.tokens.length, 4)
        for (const [index, token] of logprobs.tokens.entries()) {
          assert.match(token, /^token_id:\d+$/)
          const tops = logprobs.top_logprobs[index] ?? {}
          assert.equal(tops[token], logprobs.token_logprobs[index])
          assert.equal(Object.keys(tops).length, 2) // greedy: the drawn one is the likeliest
        }
      },
    ],
    [
      'adapters and base answer each from their own weights',
      async () => {
        await load(`${name}-second`, folders.second)
        const answers = await Promise.all([name, `${name}-second`, model].map((of) => complete(of, { max_tokens: 8 })))
        const said = answers.map(({ json }) => (json as Completion).choices[0].logprobs.token_logprobs.join())
        assert.equal(new Set(said).size, 3)
        await unload(`${name}-second`)
      },
    ],
    [
      'who asks for what is not loaded is told so, and never answered by the base',
      async () => refusal(await complete(`${name}-none`), 404, 'NotFoundError', 'does not exist'),
    ],
    [
      'an unloaded adapter is listed and answers no more',
      async () => {
        const { status, text } = await unload(name)
        assert.deepEqual([status, text], [200, `Success: LoRA adapter '${name}' removed successfully.`])
        assert.ok(!(await listed()).includes(name))
        refusal(await complete(name), 404, 'NotFoundError', 'does not exist')
        refusal(await unload(name), 404, 'NotFoundError', 'cannot be found')
      },
    ],
  ]
}

interface Completion {
  model: string
  choices: [
    {
      text: string
      finish_reason: string
      logprobs: { tokens: string[]; token_logprobs: number[]; top_logprobs: Record<string, number>[] }
    },
  ]
}

function refusal({ status, text, json }: Answer, wanted: number, type: string, part: string): void {
  const { error } = (json ?? {}) as { error?: { message: string; type: string; code: number } }
  assert.deepEqual([status, error?.type, error?.code], [wanted, type, wanted], text)
  assert.ok(error?.message.includes(part), text)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
