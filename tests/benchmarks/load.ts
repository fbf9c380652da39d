// `npm run bench:load`: questions to the whole service as `npm start` runs it. First so many clients at a time, each asking
// again as soon as it is answered: how much more the service answers because answers batch together. Then questions at
// rising rates while updates run beside them: how long they take, and what is refused.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { followUpdate } from '../support/client.ts'
import { longDocument } from '../support/long-document.ts'
import { repository, startTestService, type TestService } from '../support/service.ts'
import { askAtRate, askInTurn, summarise, type Asked } from './load/ask.ts'
import { loadNow } from './learning/load-now.ts'

const help = `Usage: npm run bench:load [-- FLAGS]

  --clients LIST   clients at a time, each asking again once answered (1,4,16)
  --rates LIST     questions a second while updates run (1,2,4,8,16)
  --seconds N      of each measurement (20)
  --documents N    documents learned before (4); each has an adapter of its own
  --base PATH      base model; "real" is the one that comes with the project (the tiny random one of the tests)
  --seed N         of the questions and of when they are asked (1)
`

const { values } = parseArgs({
  options: {
    clients: { type: 'string', default: '1,4,16' },
    rates: { type: 'string', default: '1,2,4,8,16' },
    seconds: { type: 'string', default: '20' },
    documents: { type: 'string', default: '4' },
    base: { type: 'string', default: join(repository, 'tests/golden/models/llama-tied') },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

if (values.help) console.log(help)
else await measure()

async function measure(): Promise<void> {
  const [seconds, documents, seed] = [Number(values.seconds), Number(values.documents), Number(values.seed)]
  const service = await startTestService({
    BASE_MODEL: values.base === 'real' ? '' : values.base,
    RATE_LIMIT_PER_MINUTE: '0',
  })
  try {
    const questions = await teach(service, documents)
    const scene = { service, questions, seconds, seed }
    console.log(`machine load ${loadNow()}; ${documents} documents, ${seconds} s each\n`)
    console.log('| clients | adapters | answers/s | p50 ms | p95 ms | not answered |\n|---|---|---|---|---|---|')
    for (const clients of values.clients.split(',').map(Number)) {
      report(`${clients} | one`, await askInTurn({ ...scene, questions: questions.slice(0, 30) }, clients), seconds)
      report(`${clients} | ${documents}`, await askInTurn(scene, clients), seconds)
    }
    console.log('\n| asked/s | beside | answers/s | p50 ms | p95 ms | not answered |\n|---|---|---|---|---|---|')
    const updates = keepTeaching(service)
    for (const rate of values.rates.split(',').map(Number))
      report(`${rate} | updates`, await askAtRate(scene, rate), seconds)
    console.log(`\n${await updates.stop()} updates finished meanwhile`)
  } finally {
    await service.remove()
  }
}

/** Posts so many documents and waits until they are in the head; a question about each. */
async function teach({ client }: TestService, documents: number): Promise<string[]> {
  const questions: string[] = []
  for (let n = 0; n < documents; n++) {
    const document = longDocument(`Harn${n}`)
    const { update_id: id } = await client.postDocument({ ...document, questions: document.questions.slice(0, 4) })
    await followUpdate(client, id)
    questions.push(...document.questions.map(({ question }) => question))
  }
  return questions
}

/** One document after another, so that the trainer is never idle. */
function keepTeaching({ client }: TestService): { stop(): Promise<number> } {
  let stopping = false
  let finished = 0
  const teaching = (async () => {
    for (let n = 0; !stopping; n++) {
      const { update_id: id } = await client.postDocument(longDocument(`Vesk${n}`))
      await followUpdate(client, id)
      finished += 1
    }
  })()
  return {
    async stop() {
      stopping = true
      await teaching
      return finished
    },
  }
}

function report(what: string, asked: readonly Asked[], seconds: number): void {
  const { answered, p50Ms, p95Ms, refused } = summarise(asked)
  console.log(`| ${what} | ${(answered / seconds).toFixed(1)} | ${p50Ms} | ${p95Ms} | ${refused || '0'} |`)
}
