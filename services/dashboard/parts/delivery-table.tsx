import { call } from '../wire/call.ts'
import { refresh, useResource } from '../wire/resource.ts'
import type { Delivery, Page } from '../wire/types.ts'
import { Loaded } from './loaded.tsx'
import { Moment } from './moment.tsx'
import { sayTrouble } from './toasts.tsx'

/** The newest of what was sent to an endpoint. */
export function DeliveryTable({ webhookId }: { webhookId: string }) {
  const deliveries = useResource<Page<Delivery>>(`/v1/webhooks/${webhookId}/deliveries?limit=50`, 5_000)
  return (
    <Loaded of={deliveries} what="the deliveries">
      {({ data }) =>
        data.length === 0 ? (
          <p class="empty">Nothing was sent yet.</p>
        ) : (
          <div class="scroll" tabIndex={0} role="group" aria-label="Deliveries">
            <table class="plain">
              <thead>
                <tr>
                  <th scope="col">Event</th>
                  <th scope="col">State</th>
                  <th scope="col">Tries</th>
                  <th scope="col">Answer</th>
                  <th scope="col">When</th>
                  <th scope="col">
                    <span class="unseen">Again</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {data.map((delivery) => (
                  <tr key={delivery.id}>
                    <th scope="row">{delivery.event_type}</th>
                    <td class={`delivery ${delivery.state}`}>{delivery.state}</td>
                    <td class="number">{delivery.attempts}</td>
                    <td>{delivery.last_error ?? delivery.last_status ?? '–'}</td>
                    <td>
                      <Moment at={delivery.delivered_at ?? delivery.created_at} />
                    </td>
                    <td>
                      {delivery.state !== 'pending' && (
                        <button type="button" onClick={() => void replay(delivery)}>
                          Send again
                        </button>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )
      }
    </Loaded>
  )
}

async function replay({ id, webhook_id: webhookId }: Delivery): Promise<void> {
  try {
    await call('POST', `/v1/webhooks/${webhookId}/deliveries/${id}/replay`)
    await refresh(`/v1/webhooks/${webhookId}/deliveries`)
  } catch (error) {
    sayTrouble(error)
  }
}
