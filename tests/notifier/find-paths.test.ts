import { expect, test } from 'vitest'
import { findPaths } from '../../services/notifier/find-paths.ts'

test.each([
  [{ object: 'alert', id: 'alr_1' }, '/#/alerts/alr_1', '/v1/alerts/alr_1'],
  [{ object: 'update', id: 'upd_1', model: 'notes', version: 3 }, '/#/updates/upd_1', '/v1/updates/upd_1'],
  [{ object: 'practice', id: 'prc_1', model: 'notes' }, '/#/practice', '/v1/practice/prc_1'],
  [{ object: 'webhook', id: 'whk_1' }, '/#/webhooks', '/v1/webhooks/whk_1'],
  [{ model: 'notes', version: 2, update_id: null, document_ids: [] }, '/#/versions', '/v1/models/notes/versions/2'],
])('what %j tells of is read more about at %s and %s', (payload, page, api) => {
  expect(findPaths({ id: 'evt_1', type: 'update.promoted', createdAt: new Date(), payload })).toEqual({ page, api })
})

test('a test message leads nowhere', () => {
  expect(findPaths({ id: 'evt_1', type: 'webhook.test', createdAt: new Date(), payload: {} })).toBeUndefined()
})
