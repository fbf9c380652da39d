// The trainer's composition root: configuration in, one worker loop running, a clean end on SIGTERM (the update under way
// goes back to the queue). With `--drain MODEL` it works on that model alone and ends once its queue is empty.
import { parseArgs } from 'node:util'
import { parseConfig } from '../../shared/config.ts'
import { openDatabase } from '../../shared/database/database.ts'
import { createLog } from '../../shared/log.ts'
import { getModel } from '../../shared/models/get-model.ts'
import { openObjectStore } from '../../shared/registry/object-store.ts'
import { startTracing } from '../../shared/tracing.ts'
import { readPeftFolder } from '../engine/adapter/peft.ts'
import { createEngine } from '../engine/create-engine.ts'
import { EngineBroken } from '../engine/engine.ts'
import { createAnswerJudge } from '../monitor/answer-judge.ts'
import type { AnswerJudge, JudgeEndpoint } from '../monitor/answer-judge.ts'
import { realClock } from './clock.ts'
import type { IncorporateParts } from './incorporate.ts'
import { KNOWLEDGE_RECIPE } from './recipe.ts'
import { createGenerator, GENERATOR_SETTINGS } from './study/generator.ts'
import { STUDY_SETTINGS } from './study/settings.ts'
import { openUpdateQueue } from './update-queue.ts'
import { workOn } from './work-on.ts'
import { runWorker } from './worker.ts'

const { values: flags } = parseArgs({ options: { drain: { type: 'string' } } })
const config = parseConfig(process.env)
const log = createLog('trainer', config.logLevel)
const stopTracing = startTracing('trainer', config.tracesUrl, log)
const database = openDatabase(config.databaseUrl, {
  onIdleError: (error) => log.warn({ err: error }, 'a database connection broke'),
})
const db = database.query
const drained = flags.drain === undefined ? undefined : (await getModel(db, flags.drain)).id
const { engine, studyAdapter } = await load().catch((error: unknown) => {
  log.fatal({ err: error }, `cannot load the base ${config.baseModel} or its study adapter`)
  process.exit(1)
})
if (config.generator !== undefined) log.info({ model: config.generator.model }, 'a model outside writes the self-edits')
else if (studyAdapter === null) log.warn({ base: engine.base.id }, 'no study adapter: this base studies unaided')

const stop = new AbortController()
for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => stop.abort())

const parts: IncorporateParts = {
  db,
  store: openObjectStore(config.objectStore),
  engine,
  studyAdapter,
  generator: config.generator && createGenerator(config.generator),
  study: config.generator === undefined ? STUDY_SETTINGS : GENERATOR_SETTINGS,
  recipe: KNOWLEDGE_RECIPE,
  judge: config.judge === undefined ? null : openJudge(config.judge),
  clock: realClock,
}
log.info({ base: engine.base.id, device: engine.device }, 'ready')
const end = await runWorker(
  {
    ...openUpdateQueue(db, config.leaseSeconds, drained),
    workOn: (claim, signal) => workOn(parts, claim, signal),
    isFatal: (error) => error instanceof EngineBroken,
    clock: realClock,
    log,
  },
  stop.signal,
)
if (end === 'broken') {
  log.fatal('the engine is broken: the trainer has to be started again')
  process.exit(1)
}
log.info(end)
engine.close()
await database.close()
await stopTracing()

function openJudge(endpoint: JudgeEndpoint): AnswerJudge {
  return createAnswerJudge(endpoint, {
    onGivenUp: (error) =>
      log.warn({ err: error, judge: endpoint.model }, 'the judge fails; answers are graded by words'),
  })
}

async function load() {
  const engine = await createEngine({ base: config.baseModel, device: config.device, frozen: config.precision })
  const { studyAdapter: folder } = config
  return { engine, studyAdapter: folder === undefined ? null : readPeftFolder(folder, engine.base.config) }
}
