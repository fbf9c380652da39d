// `npm run bench:load`: questions to the whole service as `npm start` runs it. First so many clients at a time, each asking
// again as soon as it is answered: how much more the service answers because answers batch together. They take turns for
// some rounds, since these machines are not equally fast all the time. Then questions at rising rates while updates run beside
// them: how long they take, and what is refused.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { followUpdate } from '../support/client.ts'
import { longDocument } from '../support/long-document.ts'
import { repository, startTestService, type TestService } from '../support/service.ts'
import { askAtRate, askInTurn, summarise, type Asked } from './load/ask.ts'
import { spreadOf } from './learning/figures.ts'
import { loadNow } from './learning/load-now.ts'
import { formatSpread, toTable } from './learning/markdown.ts'

const help = `Usage: npm run bench:load [-- FLAGS]

  --clients LIST   clients at a time, each asking again once answered (1,4,16)
  --rounds N       of all numbers of clients in turn (3)
  --rates LIST     questions a second while updates run (1,2,4,8,16); "" leaves this part out
  --seconds N      of each measurement (20)
  --documents N    documents learned before (4); each has an adapter of its own
  --base PATH      base model; "real" is the one that comes with the project (the tiny random one of the tests)
  --seed N         of the questions and of when they are asked (1)
`

const { values } = parseArgs({
  options: {
    clients: { type: 'string', default: '1,4,16' },
    rounds: { type: 'string', default: '3' },
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
    const clients = listOf(values.clients)
    const rounds: Turn[][] = []
    for (let round = 0; round < Number(values.rounds); round++) {
      console.error(`round ${round + 1}/${values.rounds}`)
      const turns: Turn[] = []
      for (const count of clients)
        turns.push({ clients: count, ...(await askInTurn({ ...scene, seed: seed + round }, count)) })
      rounds.push(turns)
    }
    reportClients(clients, rounds)
    if (values.rates.trim() === '') return
    console.log('\n| asked/s | beside | answers/s | p50 ms | p95 ms | not answered |\n|---|---|---|---|---|---|')
    const updates = keepTeaching(service)
    for (const rate of listOf(values.rates)) {
      const { answered, p50Ms, p95Ms, refused } = summarise(await askAtRate(scene, rate))
      const each = (answered / seconds).toFixed(1)
      console.log(`| ${rate} | updates | ${each} | ${p50Ms} | ${p95Ms} | ${refused || '0'} |`)
    }
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

interface Turn {
  clients: number
  asked: readonly Asked[]
  seconds: number
}

/** Of each number of clients all rounds together; and how many times the answers of the first number of the same round. */
function reportClients(clients: readonly number[], rounds: readonly (readonly Turn[])[]): void {
  const perSecond = ({ asked, seconds }: Turn) => summarise(asked).answered / seconds
  const rows = clients.map((count, index) => {
    const turns = rounds.flatMap((turns) => turns[index] ?? [])
    const ratios = rounds.flatMap(([first, ...others]) => {
      const turn = [first, ...others][index]
      return first && turn ? [perSecond(turn) / perSecond(first)] : []
    })
    const { p50Ms, p95Ms, refused } = summarise(turns.flatMap(({ asked }) => asked))
    const spreads = [turns.map(perSecond), ratios].map((numbers) => formatSpread(spreadOf(numbers), 1))
    return [String(count), ...spreads, String(p50Ms), String(p95Ms), refused || '0']
  })
  console.log(toTable(['clients', 'answers/s', `times ${clients[0]}`, 'p50 ms', 'p95 ms', 'not answered'], rows))
}

function listOf(list: string): number[] {
  return list.split(',').map(Number)
}
