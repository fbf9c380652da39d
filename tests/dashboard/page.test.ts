// The page in a real browser against the real API, on the rows of a scene. Skipped, with a line that says so, where the
// machine has no Chromium; .ci/run installs one.
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  findAxeViolations,
  findChromium,
  openBrowser,
  openPage,
  otherHost,
  takeScreenshot,
} from '../support/browser.ts'
import { apiKey } from '../support/api.ts'
import { startPageServer, type PageServer } from '../support/page-server.ts'
import { playScene, type Scene } from '../support/scene/play-scene.ts'
import { skerrow } from '../support/scene/skerrow.ts'
import { writeStudy, writeWriting } from '../support/scene/write-events.ts'
import { writePractice } from '../support/scene/write-practice.ts'
import { claimNext } from '../support/loop.ts'
import { repository } from '../support/service.ts'
import { awaitReview } from '../../shared/updates/await-review.ts'

const chromium = findChromium()
if (chromium === undefined) {
  process.stderr.write('tests/dashboard is skipped: no Chromium here (apt-get install chromium, or set CHROMIUM)\n')
}

const museum = skerrow.at(-1) ?? { title: '', text: '', questions: [] }

const places = [
  ['Documents', '#/documents'],
  ['Versions', '#/versions'],
  ['v0 and v8', '#/versions/0/8'],
  ['Retention', '#/retention'],
  ['Practice', '#/practice'],
  ['Alerts', '#/alerts'],
  ['Ask', '#/ask'],
  ['Webhooks', '#/webhooks'],
  ['Keys', '#/keys'],
  ['Nothing is written here', '#/nowhere'],
] as const

describe.skipIf(chromium === undefined)('the page', () => {
  let server: PageServer
  let scene: Scene
  let browser: Browser
  beforeAll(async () => {
    server = await startPageServer()
    scene = await playScene(server.api.database)
    await writePractice(server.api.database)
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  /** Runs the steps on a page of its own; whatever its console or its requests have against it fails. */
  async function visit(
    path: string,
    steps: (page: Page) => Promise<void>,
    options: Parameters<typeof openPage>[2] = {},
  ): Promise<void> {
    const { page, troubles, close } = await openPage(browser, server.url, options)
    try {
      await page.goto(`${server.url}/${path}`)
      await steps(page)
      expect(troubles).toEqual([])
    } finally {
      await close()
    }
  }

  const main = (page: Page) => page.getByRole('main')
  const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true })
  async function api<T>(path: string): Promise<T> {
    return (await (await server.api.call('GET', path)).json()) as T
  }
  async function idOf(title: string): Promise<{ id: string; update_id: string }> {
    const { data } = await api<{ data: { id: string; title: string; update_id: string }[] }>('/v1/documents?limit=100')
    const found = data.find((document) => document.title === title)
    if (found === undefined) throw new Error(`the scene has no ${title}`)
    return found
  }
  const headOf = async () => (await api<{ head_version: number }>('/v1/models/default')).head_version

  it('asks for the key once, says when it is wrong, and keeps it in the tab alone', async () => {
    await visit(
      '',
      async (page) => {
        await takeScreenshot(page, 'sign-in')
        expect(await findAxeViolations(page)).toEqual([])
        await page.getByLabel('Key').fill('not-the-key-of-this-service')
        await page.keyboard.press('Enter')
        await page.getByRole('alert').getByText('That key is not valid here.').waitFor()
        await page.getByLabel('Key').fill(apiKey)
        await page.keyboard.press('Enter')
        await heading(page, 'Documents').waitFor()
        await page.reload()
        await heading(page, 'Documents').waitFor()
        expect(await page.evaluate("[localStorage.length, document.cookie, location.href.includes('key')]")).toEqual([
          1, // the theme
          '',
          false,
        ])
        await page.getByRole('button', { name: 'Forget the key' }).click()
        await page.getByLabel('Key').waitFor()
        expect(await page.evaluate("sessionStorage.getItem('palimpsest-key')")).toBeNull()
      },
      { key: null },
    )
  })

  it('lists documents with their state, what was learned and why it failed, and how far the running one is', async () => {
    await visit('#/documents', async (page) => {
      const row = (title: string) => main(page).getByRole('listitem').filter({ hasText: title })
      await row('The school on Skerrow').getByText('learned').waitFor()
      await row('The school on Skerrow').getByText('4', { exact: true }).waitFor()
      await row('Bees of the south slope').getByText('rolled back').waitFor()
      await row('Tide table').getByText('nothing could be learned').waitFor()
      await row('A letter from the mainland').getByText('waiting').waitFor()
      const bar = page.getByRole('progressbar', { name: 'Update of The museum in the winch house' })
      await bar.waitFor()
      expect(Number(await bar.getAttribute('aria-valuenow'))).toBe(61)
    })
  })

  it('shows a practice with its rounds, what choosing gained, and what the held-out questions say', async () => {
    await visit('#/practice', async (page) => {
      await heading(page, 'Practice').waitFor()
      const rows = main(page).getByRole('row')
      await rows.nth(2).waitFor()
      expect(await rows.nth(1).innerText()).toMatch(
        /1\s+more rows, fewer epochs\s+100 %\s+1.42\s+0.97\s+0.81\s+3 of 5, 2 before\s+0.04\s+0.02\s+promoted$/,
      )
      expect(await rows.nth(2).innerText()).toMatch(/rejected$/)
      const plot = main(page).getByRole('img', { name: /round 1: 1.42, all 0.97; round 2: 1.38, all 1.12/ })
      expect(await plot.count()).toBe(1)
    })
  })

  it('has no violation that axe can find, light and dark, on a desk and on a phone, and nothing is wider than the phone', async () => {
    const { update_id: learned } = await idOf('New tariff of the ferry')
    const { id } = await idOf('The Skerrow ferry')
    const all = [
      ...places,
      ['New tariff of the ferry', `#/updates/${learned}`],
      ['The Skerrow ferry', `#/documents/${id}`],
    ]
    for (const [colorScheme, width] of [
      ['light', 1280],
      ['dark', 1280],
      ['light', 390],
    ] as const) {
      for (const [title = '', path = ''] of all) {
        await visit(
          path,
          async (page) => {
            await heading(page, title).waitFor()
            await expect.poll(() => page.locator('.waiting').count(), { timeout: 10_000 }).toBe(0)
            const name = title.toLowerCase().replaceAll(' ', '-')
            await takeScreenshot(page, `${name}-${colorScheme}-${width}`)
            expect(await findAxeViolations(page), `${title}, ${colorScheme}, ${width}`).toEqual([])
            const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
            expect(overflow, `${title} at ${width}`).toBeLessThanOrEqual(0)
          },
          { colorScheme, viewport: { width, height: 844 } },
        )
      }
    }
  }, 600_000)

  it('gives a pasted document to the model and leads to its update', async () => {
    await visit('#/documents', async (page) => {
      await page.getByLabel('Title').fill('Notes of the harbour watch')
      await page.getByLabel('Text', { exact: true }).fill('The harbour watch is kept by Nils Orr. It has one boat.')
      await page.getByText('Questions of your own').click()
      await page.getByLabel('One a line').fill('Who keeps the harbour watch? | Nils Orr')
      await page.getByRole('button', { name: 'Give it to default' }).click()
      await heading(page, 'Notes of the harbour watch').waitFor()
      await main(page).getByText('waiting').waitFor()
    })
    const { id } = await idOf('Notes of the harbour watch')
    expect(await api(`/v1/documents/${id}`)).toMatchObject({
      text: 'The harbour watch is kept by Nils Orr. It has one boat.',
      questions: [{ question: 'Who keeps the harbour watch?', answer: 'Nils Orr' }],
    })
  })

  it('gives a document where the page comes by plain http from another machine', async () => {
    const url = server.url.replace('127.0.0.1', otherHost)
    const { page, close } = await openPage(browser, url)
    try {
      expect(await page.evaluate('isSecureContext')).toBe(false)
      await page.getByLabel('Title').fill('Notes of the pilot')
      await page.getByLabel('Text', { exact: true }).fill('The pilot of Skerrow is Ada Lund. She has two boats.')
      await page.getByRole('button', { name: 'Give it to default' }).click()
      await heading(page, 'Notes of the pilot').waitFor()
    } finally {
      await close()
    }
  })

  it('takes files that are dropped or chosen, lists them before they are given, and leaves their text to the service', async () => {
    await visit('#/documents', async (page) => {
      const drop = async (name: string, content: string, type: string) => {
        const file = [[content], name, { type }].map((part) => JSON.stringify(part)).join()
        const transfer = await page.evaluateHandle(
          `(() => { const data = new DataTransfer(); data.items.add(new File(${file})); return data })()`,
        )
        await page.getByRole('form', { name: 'Teach it something' }).dispatchEvent('drop', { dataTransfer: transfer })
      }
      await drop('picture.png', 'x', 'image/png')
      await page.getByRole('status').getByText('picture.png is no PDF').waitFor()
      await page.getByText('up to 16 MB together').waitFor()
      const huge = { name: 'atlas.txt', mimeType: 'text/plain', buffer: Buffer.alloc(20 * 1024 * 1024, 'a') }
      await page.getByLabel('choose files').setInputFiles(huge)
      await page.getByRole('status').getByText('atlas.txt has 20 MB, this page sends 16 MB at most').waitFor()
      await drop('watch.md', '# The harbour boat\n\nThe boat of the watch is called Pim.', 'text/markdown')
      await page
        .getByLabel('choose files')
        .or(page.getByLabel('Add more files'))
        .setInputFiles(
          ['lighthouse.pdf', 'lighthouse.docx'].map((name) => join(repository, 'tests', 'data', 'files', name)),
        )
      await page.getByRole('listitem').filter({ hasText: 'lighthouse.pdf' }).waitFor()
      await takeScreenshot(page, 'files')
      expect(await findAxeViolations(page)).toEqual([])
      await page.getByRole('button', { name: 'Leave out lighthouse.docx' }).click()
      await page.getByRole('button', { name: 'Give 2 files to default' }).click()
      await page.getByRole('status').getByText('2 documents given to default.').waitFor()
      await main(page).getByRole('link', { name: 'The harbour boat', exact: true }).waitFor()
    })
    const { id } = await idOf('The harbour boat')
    expect(await api(`/v1/documents/${id}`)).toMatchObject({ text: expect.stringContaining('called Pim') as string })
    const pdf = await idOf('The Varnholt lighthouse')
    expect(await api(`/v1/documents/${pdf.id}`)).toMatchObject({
      text: expect.stringContaining('140 metres') as string,
    })
  })

  it('cuts a text that is too long for one update into several documents', async () => {
    const paragraph = (boat: number) =>
      `Boat ${boat} of the harbour watch lies at berth ${boat}. ${'It is tarred in May. '.repeat(40)}`
    await visit('#/documents', async (page) => {
      await page.getByLabel('Title').fill('The boats')
      const text = [1, 2, 3, 4, 5, 6].map(paragraph).join('\n\n')
      await page.getByLabel('Text', { exact: true }).fill(text)
      await page.getByText('words, cut into documents of about 600').waitFor()
      await page.getByRole('button', { name: 'Give it to default' }).click()
      await page.getByRole('status').getByText('3 documents given to default.').waitFor()
      expect(await page.getByLabel('Title').inputValue()).toBe('')
    })
    expect(await idOf('The boats (3 of 3)')).toBeDefined()
  })

  it('makes an older version answer by one click, and takes it back by another', async () => {
    const before = await headOf()
    await visit('#/versions', async (page) => {
      await page.getByRole('button', { name: 'Make v3 answer' }).click()
      await page.getByRole('status').getByText('v3 answers now.').waitFor()
      expect(await headOf()).toBe(3)
      const item = page.getByRole('listitem').filter({ hasText: 'Herring oil' })
      await item.getByText('answers now').waitFor()
      await page.getByRole('button', { name: 'Undo' }).click()
      await page.getByRole('status').getByText(`v${before} answers now.`).waitFor()
      expect(await headOf()).toBe(before)
    })
  })

  it('shows the matrix of the API, moves in it by arrows, and opens the questions of a cell', async () => {
    const { matrix, documents } = await api<{
      matrix: ({ correct: number; total: number } | null)[][]
      documents: { id: string; title: string }[]
    }>('/v1/models/default/retention')
    const ferry = documents.findIndex(({ title }) => title === 'The Skerrow ferry')
    const cell = matrix[6]?.[ferry]
    await visit('#/retention', async (page) => {
      const button = page.getByRole('button', { name: /^The Skerrow ferry, v6: / })
      expect(await button.textContent()).toContain(`${cell?.correct} of ${cell?.total} right`)
      expect(await button.locator('.reading').textContent()).toBe(
        String(Math.round(((cell?.correct ?? 0) / (cell?.total ?? 1)) * 100)),
      )
      await button.focus()
      await page.keyboard.press('ArrowLeft')
      await page.keyboard.press('ArrowUp')
      const focused = page.locator(':focus')
      expect(await focused.textContent()).toContain('The Varnholt lighthouse, v5: ')
      await page.keyboard.press('Enter')
      const dialog = page.getByRole('dialog', { name: 'The Varnholt lighthouse' })
      await dialog.getByRole('row').filter({ hasText: 'Who built the Varnholt lighthouse?' }).waitFor()
      await takeScreenshot(page, 'cell')
      expect(await findAxeViolations(page)).toEqual([])
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'hidden' })
      expect(await focused.textContent()).toContain('The Varnholt lighthouse, v5: ')
      await page.getByText('Log-likelihood', { exact: true }).click()
      await expect.poll(() => button.locator('.reading').textContent()).toMatch(/^−\d\.\d$/)
    })
  })

  it('shows an alert with the answers that were lost and what caused it', async () => {
    await visit('#/alerts', async (page) => {
      const [alert] = (await api<{ data: { evidence: { question: string }[] }[] }>('/v1/alerts')).data
      for (const { question } of alert?.evidence ?? [])
        await page.getByRole('row').filter({ hasText: question }).waitFor()
      await page.getByRole('link', { name: 'New tariff of the ferry' }).click()
      await heading(page, 'New tariff of the ferry').waitFor()
    })
  })

  it('asks base, head and another at once and shows the three answers', async () => {
    const { inference } = server.api
    inference.asked.length = 0
    await visit('#/ask', async (page) => {
      await page.getByLabel('Question').fill('Who built the Varnholt lighthouse?')
      await page.getByRole('button', { name: 'Ask', exact: true }).click()
      const column = (name: string) => page.getByRole('region', { name })
      await column('Base').first().getByText('default@v0').waitFor()
      await column('v8, answering now').getByText('default@v8').waitFor()
      await column('Base, reading').getByText('Read in').waitFor()
      await takeScreenshot(page, 'ask-answered')
      expect(await findAxeViolations(page)).toEqual([])
    })
    expect(inference.asked.map(({ version, mode }) => `${mode} ${version}`).sort()).toEqual([
      'closed_book 0',
      'closed_book 8',
      'open_book 8',
    ])
  })

  it('shows a webhook’s secret once and its deliveries', async () => {
    await visit('#/webhooks', async (page) => {
      await page.getByLabel('Address').fill('https://hooks.example.org/second')
      await page.getByRole('button', { name: 'Add the endpoint' }).click()
      await page.getByText(/^whsec_/).waitFor()
      await page.getByRole('button', { name: 'I have kept it' }).click()
      expect(await page.getByText(/^whsec_/).count()).toBe(0)
      const first = page.getByRole('listitem').filter({ hasText: 'hooks.example.org/palimpsest' })
      await first.getByText('Deliveries').click()
      await first.getByRole('rowheader', { name: 'update.rejected' }).first().waitFor()
      await page.reload()
      await page.getByText('hooks.example.org/second').waitFor()
      expect(await page.getByText(/^whsec_/).count()).toBe(0)
    })
  })

  it('makes a key that can do what was ticked, shows its secret once, and revokes it by a second click', async () => {
    let secret = ''
    const status = async (method: string, path: string) => {
      const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' }
      return (await server.api.raw(path, { method, headers, ...(method === 'POST' ? { body: '{}' } : {}) })).status
    }
    await server.api.call('POST', '/v1/models', { name: 'private' })
    await visit('#/keys', async (page) => {
      await page.getByLabel('What it is for').fill('the harbour office')
      await page.getByLabel('give documents').uncheck()
      await page.getByLabel('With').selectOption('these models only')
      await page.getByRole('checkbox', { name: 'default' }).check()
      await page.getByRole('button', { name: 'Make the key' }).click()
      secret = (await page.locator('.secret code').textContent()) ?? ''
      expect(await status('GET', '/v1/models/default')).toBe(200)
      expect(await status('GET', '/v1/models/private')).toBe(404)
      expect(await status('POST', '/v1/documents')).toBe(403)
      await main(page).getByText('May read with default.').waitFor()
      await takeScreenshot(page, 'key-made')
      expect(await findAxeViolations(page)).toEqual([])
      await page.getByRole('button', { name: 'I have kept it' }).click()
      expect(await main(page).getByText(secret).count()).toBe(0)
      await page.getByRole('button', { name: 'Revoke the harbour office' }).click()
      expect(await status('GET', '/v1/models/default')).toBe(200)
      await page.getByRole('button', { name: 'Revoke it for good' }).click()
      await main(page).getByText('None but the key').waitFor()
      expect(await status('GET', '/v1/models/default')).toBe(401)
    })
  })

  it('says what a key needs to manage keys where the one entered may not', async () => {
    const made = await server.api.call('POST', '/v1/keys', { name: 'reader', scopes: ['read'] })
    const { secret } = (await made.json()) as { secret: string }
    await visit(
      '#/keys',
      async (page) => {
        await page.getByLabel('Key').fill(secret)
        await page.keyboard.press('Enter')
        await main(page).getByText('may not manage keys').waitFor()
        expect(await page.getByRole('button', { name: 'Make the key' }).count()).toBe(0)
      },
      { key: null },
    )
  })

  it('stops for a review where asked to, and trains what the reviewer leaves, of the model that was chosen', async () => {
    const { database } = server.api
    await server.api.call('POST', '/v1/models', { name: 'notes' })
    await visit('#/documents', async (page) => {
      await page.getByLabel('Model').selectOption('notes')
      await page.getByLabel('Title').fill('The museum, once more')
      await page.getByLabel('Text', { exact: true }).fill(museum.text)
      await page.getByLabel('Stop before training').check()
      await page.getByRole('button', { name: 'Give it to notes' }).click()
      await heading(page, 'The museum, once more').waitFor()
      const claim = await claimNext(database)
      expect(claim.update.review).toBe(true)
      await page.getByText('The model is reading').waitFor()
      await writeWriting(database, claim, museum)
      await page.getByText('3 self-edits so far').waitFor()
      await page.getByRole('listitem').filter({ hasText: 'Who found the cup of the wind gauge?' }).waitFor()
      await writeStudy(database, claim, museum, true)
      await awaitReview(database.query, claim.lease)

      await page.getByRole('heading', { name: 'Review what it wrote' }).waitFor()
      const completion = page.getByLabel('Completion of: Fill the gap: Runa Falk has ____.')
      await completion.fill('the only key')
      await page.getByLabel('Keep: Fill the gap: Admission is one herring or ____.').uncheck()
      await takeScreenshot(page, 'review')
      expect(await findAxeViolations(page)).toEqual([])
      await page.getByRole('button', { name: 'Train it with 2 changes' }).click()
      await page.getByRole('heading', { name: 'Review what it wrote' }).waitFor({ state: 'detached' })
      const { data } = await api<{ data: { prompt: string; completion: string; kept: boolean }[] }>(
        `/v1/updates/${claim.update.id}/self-edits?limit=100`,
      )
      const of = (prompt: string) => data.find((edit) => edit.prompt === prompt)
      expect(of('Fill the gap: Runa Falk has ____.')).toMatchObject({ completion: 'the only key', kept: true })
      expect(of('Fill the gap: Admission is one herring or ____.')).toMatchObject({ kept: false })
    })
  })

  it('follows an update as it happens: the loss falls, the verdict comes, without a reload', async () => {
    await visit(`#/updates/${scene.running.lease.updateId}`, async (page) => {
      await page.getByRole('img', { name: /over 35 of 60 steps/ }).waitFor()
      await page.getByText('held out 5').waitFor()
      await takeScreenshot(page, 'update-running')
      expect(await findAxeViolations(page)).toEqual([])
      await page.evaluate('globalThis.stayed = true')
      await scene.finishRunning()
      await page.getByRole('img', { name: /over 60 of 60 steps/ }).waitFor()
      await page.getByText('Promoted as v9').waitFor()
      await page.getByRole('row').filter({ hasText: 'Who found the cup of the wind gauge?' }).waitFor()
      expect(await page.evaluate('globalThis.stayed')).toBe(true)
    })
  })

  it('says what to do where there is nothing yet', async () => {
    await server.api.call('POST', '/v1/models', { name: 'untaught' })
    await visit('#/documents', async (page) => {
      await page.getByLabel('Model').selectOption('untaught')
      for (const [place, sentence] of [
        ['Documents', 'None yet. Paste one above'],
        ['Versions', 'The untouched base'],
        ['Retention', 'No document has become a version yet.'],
        ['Alerts', 'Everything learned is still known.'],
      ] as const) {
        await page.getByRole('navigation').getByRole('link', { name: place }).click()
        await main(page).getByText(sentence).waitFor()
        await takeScreenshot(page, `empty-${place.toLowerCase()}`)
        expect(await findAxeViolations(page), place).toEqual([])
      }
    })
  })

  it('says why where the key may not look, and offers the way to another', async () => {
    const made = await server.api.call('POST', '/v1/keys', { name: 'keeper of keys', scopes: ['admin'] })
    const { secret } = (await made.json()) as { secret: string }
    await visit(
      '#/documents',
      async (page) => {
        await page.getByLabel('Key').fill(secret)
        await page.keyboard.press('Enter')
        await main(page).getByText('Could not read the documents.').first().waitFor()
        await takeScreenshot(page, 'refused')
        expect(await findAxeViolations(page)).toEqual([])
        await page.getByRole('button', { name: 'Forget the key' }).click()
        await page.getByLabel('Key').waitFor()
      },
      { key: null },
    )
  })

  it('keeps titles without an end and without a space inside the page', async () => {
    const title = `Betriebsanweisung${'fürdenleuchtturmwärter'.repeat(8)} and all that belongs to it, `
      .repeat(2)
      .slice(0, 300)
    await server.api.call('POST', '/v1/documents', { title, text: 'The keeper feeds eleven cats.', model: 'untaught' })
    const { id, update_id: update } = await idOf(title.trim())
    for (const path of ['#/documents', `#/documents/${id}`, `#/updates/${update}`]) {
      await visit(
        path,
        async (page) => {
          if (path === '#/documents') await page.getByLabel('Model').selectOption('untaught')
          await main(page).getByText('Betriebsanweisung').first().waitFor()
          await takeScreenshot(page, `long-${path.replaceAll(/\W/g, '').slice(0, 12)}`)
          const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
          expect(overflow, path).toBeLessThanOrEqual(0)
        },
        { viewport: { width: 390, height: 844 } },
      )
    }
  })

  it('takes a document out by a second click, as an update', async () => {
    const { id } = await idOf('The school on Skerrow')
    await visit(`#/documents/${id}`, async (page) => {
      await page.getByRole('button', { name: 'Delete it' }).click()
      await page.getByRole('button', { name: 'Take “The school on Skerrow” out of the weights' }).click()
      await page.getByText('Deletion', { exact: true }).waitFor()
    })
    const { data } = await api<{ data: { kind: string; document_ids: string[] }[] }>('/v1/updates?limit=1')
    expect(data[0]).toMatchObject({ kind: 'forget', document_ids: [id] })
  })
})
