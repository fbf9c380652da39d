import { useState } from 'preact/hooks'
import { call } from '../wire/call.ts'
import { refresh } from '../wire/resource.ts'
import type { WebhookWithSecret } from '../wire/types.ts'
import { sayTrouble } from './toasts.tsx'

const events = [
  ['update.promoted', 'a document was learned'],
  ['update.rejected', 'a candidate was rejected'],
  ['update.failed', 'an update failed'],
  ['retention.regressed', 'older knowledge was damaged'],
  ['retention.recovered', 'it came back'],
  ['version.rolled_back', 'an older version answers again'],
  ['webhook.disabled', 'another endpoint was switched off'],
] as const

/** A new endpoint; all events unless some are unticked. */
export function CreateWebhook({ onMade }: { onMade: (webhook: WebhookWithSecret) => void }) {
  const [url, setUrl] = useState('')
  const [wanted, setWanted] = useState<ReadonlySet<string>>(new Set(events.map(([name]) => name)))
  async function make(): Promise<void> {
    try {
      onMade(await call<WebhookWithSecret>('POST', '/v1/webhooks', { body: { url, events: [...wanted] } }))
      setUrl('')
      await refresh('/v1/webhooks')
    } catch (error) {
      sayTrouble(error)
    }
  }
  function toggle(name: string): void {
    const next = new Set(wanted)
    if (!next.delete(name)) next.add(name)
    setWanted(next)
  }
  return (
    <form class="compose" aria-labelledby="new-webhook" onSubmit={(event) => (event.preventDefault(), void make())}>
      <h2 id="new-webhook">Tell an endpoint</h2>
      <label for="webhook-url">Address</label>
      <input
        id="webhook-url"
        type="url"
        required
        placeholder="https://"
        value={url}
        onInput={(event) => setUrl(event.currentTarget.value)}
      />
      <fieldset class="choices">
        <legend>When</legend>
        {events.map(([name, meaning]) => (
          <label key={name}>
            <input type="checkbox" checked={wanted.has(name)} onChange={() => toggle(name)} />
            <span>
              {meaning} <code>{name}</code>
            </span>
          </label>
        ))}
      </fieldset>
      <div class="compose-foot">
        <button type="submit" class="primary" disabled={wanted.size === 0}>
          Add the endpoint
        </button>
      </div>
    </form>
  )
}
