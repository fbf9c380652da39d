// The page for receivers holds code that they will copy: it must accept what the notifier sends, and nothing else.
import { readFile } from 'node:fs/promises'
import { afterAll, expect, test } from 'vitest'
import { openSender } from '../../services/notifier/deliver.ts'
import { startReceiver } from '../support/webhooks.ts'

const receiver = await startReceiver()
const sender = openSender({ allowPrivate: true, publicUrl: 'http://here', timeoutSeconds: 10, now: () => new Date() })
afterAll(async () => {
  await sender.close()
  await receiver.close()
})

type IsOurs = (secret: string, headers: object, rawBody: string) => boolean

async function readIsOurs(): Promise<IsOurs> {
  const page = await readFile(new URL('../../docs/webhooks.md', import.meta.url), 'utf8')
  const code = [...page.matchAll(/```js\n(.*?)```/gs)]
    .map(([, text]) => text ?? '')
    .find((text) => text.includes('isOurs'))
  const loaded = (await import(`data:text/javascript,${encodeURIComponent(code ?? '')}`)) as { isOurs: IsOurs }
  return loaded.isOurs
}

test('the code of the page accepts a message of ours with either secret, and no other, older or changed one', async () => {
  const isOurs = await readIsOurs()
  const [current, old, other] = [1, 2, 3].map((byte) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`)
  if (!current || !old || !other) throw new Error('no secrets')
  await sender.send({
    ...{ id: 'dlv_1', attempt: 1, replayedAfter: 0 },
    webhook: { id: 'whk_1', url: receiver.url, secrets: [current, old] },
    event: { id: 'evt_1', type: 'update.promoted', createdAt: new Date(), payload: { title: 'Größe 5 µm' } },
  })
  const [message] = receiver.messages
  if (!message) throw new Error('nothing arrived')
  const { headers, body } = message
  expect(isOurs(current, headers, body)).toBe(true)
  expect(isOurs(old, headers, body)).toBe(true)
  expect(isOurs(other, headers, body)).toBe(false)
  expect(isOurs(current, headers, body.replace('5', '6'))).toBe(false)
  expect(isOurs(current, { ...headers, 'webhook-timestamp': '1' }, body)).toBe(false)
  expect(isOurs(current, { ...headers, 'webhook-id': 'evt_2' }, body)).toBe(false)
})
