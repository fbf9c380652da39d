// The pictures of docs/tutorial.md, taken by walking through it: a real browser, a running service, its real model. What is
// shown is what happened, so that two walks differ in their figures; a walk whose updates end otherwise than the tutorial
// tells fails and says where. Four updates of the embedded base.
//
//   npm start -- --port 8790 --home /tmp/tutorial       a service that has learned nothing yet
//   npm run pictures -- --url http://127.0.0.1:8790 --home /tmp/tutorial
//
// `--from STEP` goes on where a walk was stopped: the same text again is the document that is there.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import { createPalimpsest } from '../../services/client/palimpsest.ts'
import { openBrowser, openPage } from '../support/browser.ts'
import { skerrow, type SceneDocument } from '../support/scene/skerrow.ts'
import { repository } from '../support/service.ts'

const { values: flags } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:8787' },
    home: { type: 'string', default: '.palimpsest' },
    from: { type: 'string', default: 'learn' },
    out: { type: 'string', default: join(repository, 'docs', 'pictures') },
  },
})
/** Pictures lie in the repository for good. */
const bytesMax = 150_000
/** Of an update of the embedded base on a busy machine. */
const updateMs = 30 * 60_000
const overwritten = 'overwritten'

const key = (await readFile(join(flags.home, 'api-key'), 'utf8')).trim()
const palimpsest = createPalimpsest({ url: flags.url, key })
const documentOf = (title: string): SceneDocument => {
  const found = skerrow.find((document) => document.title === title)
  if (found === undefined) throw new Error(`the scene has no ${title}`)
  return found
}
const lighthouse = documentOf('The Varnholt lighthouse')
const ferry = documentOf('The Skerrow ferry')
/** Beside the scene's five: of five questions about a single document even a total loss is not beyond chance. */
const moreQuestions = [
  { question: 'On which island does the Varnholt lighthouse stand?', answer: 'Skerrow' },
  { question: 'In which year was the Varnholt lighthouse built?', answer: '1887' },
  { question: 'What was the profession of Ottilie Brandt?', answer: 'engineer' },
  { question: 'What colour is the Varnholt lighthouse?', answer: 'green' },
  { question: 'Who is the keeper of the Varnholt lighthouse?', answer: 'Josef Maric' },
]

const browser = await openBrowser()
try {
  await mkdir(flags.out, { recursive: true })
  const { page } = await openPage(browser, flags.url, {
    ...{ key, viewport: { width: 1000, height: 720 }, colorScheme: 'light' },
  })
  page.setDefaultTimeout(updateMs)
  const steps = { learn: learnByHand, ask, retention: learnMore, alert: damage, rollback: rollBack }
  const names = Object.keys(steps)
  if (!names.includes(flags.from)) throw new Error(`--from is one of ${names.join(', ')}`)
  for (const step of Object.values(steps).slice(names.indexOf(flags.from))) await step(page)
} finally {
  await browser.close()
}

async function take(page: Page, name: string): Promise<void> {
  const bytes = await page.screenshot({ caret: 'initial' })
  if (bytes.length > bytesMax) throw new Error(`${name} has ${bytes.length} bytes; ${bytesMax} are the most`)
  await writeFile(join(flags.out, `${name}.png`), bytes)
  console.log(`${name}.png  ${bytes.length} bytes`)
}

async function learnByHand(page: Page): Promise<void> {
  await page.getByLabel('Title').fill(lighthouse.title)
  await page.getByLabel('Text', { exact: true }).fill(lighthouse.text)
  await take(page, 'give')
  await page.getByRole('button', { name: 'Give it to default' }).click()
  await page.locator('.self-edits > li').nth(5).waitFor()
  await take(page, 'studying')
  await page.locator('.plot .point').nth(3).waitFor()
  await take(page, 'training')
  await page.getByText('Promoted as v1').waitFor()
  await page.getByRole('heading', { name: 'Its questions' }).waitFor()
  await take(page, 'learned')
}

async function ask(page: Page): Promise<void> {
  await page.goto(`${flags.url}/#/ask`)
  await page.getByLabel('Question').fill('Who built the Varnholt lighthouse?')
  await page.getByRole('button', { name: 'Ask', exact: true }).click()
  await page.locator('.said').nth(2).waitFor()
  await take(page, 'asked')
}

/** By the API, with the scene's questions and `more`; throws where its update does not end in a version. */
async function learn(
  model: string,
  { title, text, questions }: SceneDocument,
  more: typeof moreQuestions,
): Promise<void> {
  const asked = [...questions, ...more].map(({ question, answer }) => ({ question, answer }))
  const { update_id: update } = await palimpsest.learn({ title, text, model, questions: asked })
  for await (const { type, data } of palimpsest.watch(update)) {
    if (type === 'state') console.log(`${model}: ${title}: ${String(data['state'])}`)
  }
  const { state, verdict, error } = await palimpsest.getUpdate(update)
  if (state !== 'promoted') throw new Error(`${title} is ${state}: ${error?.message ?? verdict?.reason ?? ''}`)
}

async function learnMore(page: Page): Promise<void> {
  await learn('default', ferry, [])
  await page.goto(`${flags.url}/#/retention`)
  await page.getByRole('link', { name: ferry.title }).waitFor()
  await take(page, 'retention')
}

/** Weights that are written over, in the manner of SEAL: the second document costs the first. */
async function damage(page: Page): Promise<void> {
  // Told and not prevented: the gate would scale the candidate down until hardly anything of either is known.
  const gate = { reject_on_regression: false }
  const { response } = await palimpsest.http.POST('/v1/models', {
    body: { name: overwritten, strategy: 'sequential', gate },
  })
  if (!response.ok && response.status !== 409) throw new Error(`no model ${overwritten}: ${response.status}`)
  await learn(overwritten, lighthouse, moreQuestions)
  await learn(overwritten, ferry, [])
  await page.goto(`${flags.url}/#/alerts`)
  await page.reload()
  await page.getByLabel('Model').selectOption(overwritten)
  await page.getByRole('main').getByRole('link', { name: ferry.title }).first().waitFor({ timeout: 30_000 })
  await take(page, 'alert')
}

async function rollBack(page: Page): Promise<void> {
  await page.getByLabel('Model').selectOption('default')
  await page.getByRole('link', { name: 'Versions' }).click()
  await page.getByRole('button', { name: 'Make v1 answer' }).click()
  await page.getByText('v1 answers now.').waitFor()
  await page.getByText('rolled back from').waitFor()
  await take(page, 'rolled-back')
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('v2 answers now.').waitFor()
}
