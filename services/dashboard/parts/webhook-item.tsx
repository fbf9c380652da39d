// An endpoint with what can be done to it, and its deliveries once they are asked for.
import { useState } from 'preact/hooks'
import { call, type Method } from '../wire/call.ts'
import { refresh } from '../wire/resource.ts'
import type { Webhook, WebhookWithSecret } from '../wire/types.ts'
import { DeliveryTable } from './delivery-table.tsx'
import { Moment } from './moment.tsx'
import { SureButton } from './sure-button.tsx'
import { sayTrouble } from './toasts.tsx'

interface WebhookItemProps {
  webhook: Webhook
  onSecret: (secret: string) => void
}

export function WebhookItem({ webhook, onSecret }: WebhookItemProps) {
  const [open, setOpen] = useState(false)
  const path = `/v1/webhooks/${webhook.id}`
  async function act<T>(method: Method, suffix: string, body?: object): Promise<T | undefined> {
    try {
      const answer = await call<T>(method, path + suffix, body === undefined ? {} : { body })
      await refresh('/v1/webhooks')
      return answer
    } catch (error) {
      sayTrouble(error)
      return undefined
    }
  }
  async function rotate(): Promise<void> {
    const rotated = await act<WebhookWithSecret>('POST', '/rotate-secret')
    if (rotated !== undefined) onSecret(rotated.secret)
  }
  return (
    <li class={`entry ${webhook.enabled ? '' : 'off'}`}>
      <h3 class="address">{webhook.url}</h3>
      <p class="note">
        {webhook.enabled ? 'On' : `Off${webhook.disabled_reason === null ? '' : `: ${webhook.disabled_reason}`}`}, added{' '}
        <Moment at={webhook.created_at} />. {webhook.events.includes('*') ? 'Every event' : webhook.events.join(', ')}
      </p>
      <p class="row">
        <button type="button" onClick={() => void act('PATCH', '', { enabled: !webhook.enabled })}>
          {webhook.enabled ? 'Switch off' : 'Switch on'}
        </button>
        {webhook.enabled && (
          <button type="button" onClick={() => void act('POST', '/test').then(() => setOpen(true))}>
            Send a test
          </button>
        )}
        <button type="button" onClick={() => void rotate()}>
          New secret
        </button>
        <SureButton sure="Remove it with its deliveries" onSure={() => void act('DELETE', '')}>
          Remove
        </SureButton>
      </p>
      {webhook.failing_since !== null && (
        <p class="trouble-line">
          Failing since <Moment at={webhook.failing_since} />.
        </p>
      )}
      <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>Deliveries</summary>
        {open && <DeliveryTable webhookId={webhook.id} />}
      </details>
    </li>
  )
}
