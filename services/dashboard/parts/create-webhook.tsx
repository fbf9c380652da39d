import { useState } from 'preact/hooks'
import { call } from '../wire/call.ts'
import { refresh } from '../wire/resource.ts'
import type { WebhookWithSecret } from '../wire/types.ts'
import { Choices, toggled } from './choices.tsx'
import { sayTrouble } from './toasts.tsx'

const events = [
  { value: 'update.promoted', meaning: 'a document was learned' },
  { value: 'update.rejected', meaning: 'a candidate was rejected' },
  { value: 'update.failed', meaning: 'an update failed' },
  { value: 'update.awaiting_review', meaning: 'self-edits wait to be read' },
  { value: 'practice.promoted', meaning: 'it got better at studying' },
  { value: 'practice.rejected', meaning: 'practice changed nothing' },
  { value: 'practice.failed', meaning: 'a practice failed' },
  { value: 'retention.regressed', meaning: 'older knowledge was damaged' },
  { value: 'retention.recovered', meaning: 'it came back' },
  { value: 'version.rolled_back', meaning: 'an older version answers again' },
  { value: 'webhook.disabled', meaning: 'another endpoint was switched off' },
] as const

/** A new endpoint; all events, those to come included, unless some are unticked. */
export function CreateWebhook({ onMade }: { onMade: (webhook: WebhookWithSecret) => void }) {
  const [url, setUrl] = useState('')
  const [wanted, setWanted] = useState<ReadonlySet<string>>(new Set(events.map(({ value }) => value)))
  async function make(): Promise<void> {
    try {
      const filter = wanted.size === events.length ? {} : { events: [...wanted] }
      onMade(await call<WebhookWithSecret>('POST', '/v1/webhooks', { body: { url, ...filter } }))
      setUrl('')
      await refresh('/v1/webhooks')
    } catch (error) {
      sayTrouble(error)
    }
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
      <Choices legend="When" choices={events} chosen={wanted} onToggle={(event) => setWanted(toggled(wanted, event))} />
      <div class="compose-foot">
        <button type="submit" class="primary" disabled={wanted.size === 0}>
          Add the endpoint
        </button>
      </div>
    </form>
  )
}
