// What a watch does between two connections; against a real service it is tried in palimpsest.test.ts.
import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { watchUpdate } from '../../services/client/watch-update.ts'

test('a watch that connects again and again leaves nothing behind on its signal', async () => {
  const { signal } = new AbortController()
  const listeners: number[] = []
  const open = async () => {
    listeners.push(getEventListeners(signal, 'abort').length)
    return { response: listeners.length === 1 ? new Response('') : new Response(null, { status: 204 }) }
  }
  for await (const event of watchUpdate(open, { signal })) throw new Error(`nothing was sent, not ${event.type}`)
  expect(listeners).toEqual([0, 0])
})
