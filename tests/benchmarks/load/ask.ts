// Questions put to a service: by clients that ask again once they are answered (what can it do at most?), or at a rate of
// their own, whether it keeps up or not (what does one of many callers meet?).
import { setTimeout as sleep } from 'node:timers/promises'
import { createRandom } from '../../../services/engine/random.ts'
import { quantile } from '../learning/bootstrap.ts'

export interface Asking {
  service: { url: string; key: string }
  questions: readonly string[]
  seconds: number
  seed: number
}

export interface Asked {
  milliseconds: number
  /** 0: there was no answer at all. */
  status: number
}

/** So many clients, each with one question under way at any time; and how long it took until the last was answered. */
export async function askInTurn(asking: Asking, clients: number): Promise<{ asked: Asked[]; seconds: number }> {
  const startedAt = performance.now()
  const until = startedAt + asking.seconds * 1000
  const asked: Asked[] = []
  const client = async (_: unknown, index: number): Promise<void> => {
    const random = createRandom(asking.seed * 1000 + index)
    while (performance.now() < until) asked.push(await ask(asking, random()))
  }
  await Promise.all(Array.from({ length: clients }, client))
  return { asked, seconds: (performance.now() - startedAt) / 1000 }
}

/** So many questions a second on average, at times that know nothing of one another (Poisson). */
export async function askAtRate(asking: Asking, perSecond: number): Promise<Asked[]> {
  const random = createRandom(asking.seed)
  const startedAt = performance.now()
  const under: Promise<Asked>[] = []
  for (let due = 0; due < asking.seconds; due += -Math.log(1 - random()) / perSecond) {
    await sleep(Math.max(0, startedAt + due * 1000 - performance.now()))
    under.push(ask(asking, random()))
  }
  return await Promise.all(under)
}

/** `drawn` in [0, 1) says which question. */
async function ask({ service, questions }: Asking, drawn: number): Promise<Asked> {
  const startedAt = performance.now()
  const question = questions[Math.floor(drawn * questions.length)]
  const status = await fetch(`${service.url}/v1/query`, {
    method: 'POST',
    headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ question }),
  }).then(
    async (response) => (await response.arrayBuffer(), response.status),
    () => 0,
  )
  return { milliseconds: performance.now() - startedAt, status }
}

export interface Summary {
  answered: number
  p50Ms: number
  p95Ms: number
  /** How often each status but 200 came, e.g. `503: 12`. */
  refused: string
}

export function summarise(asked: readonly Asked[]): Summary {
  const took = asked
    .filter(({ status }) => status === 200)
    .map(({ milliseconds }) => milliseconds)
    .sort((a, b) => a - b)
  const others = asked.filter(({ status }) => status !== 200).map(({ status }) => status)
  const kinds = [...new Set(others)].sort()
  return {
    answered: took.length,
    p50Ms: Math.round(quantile(took, 0.5)),
    p95Ms: Math.round(quantile(took, 0.95)),
    refused: kinds.map((kind) => `${kind}: ${others.filter((status) => status === kind).length}`).join(', '),
  }
}
