// Endpoints that are told what happens, and what was sent to each. A secret is shown once, where it was made.
import { useState } from 'preact/hooks'
import { CreateWebhook } from '../parts/create-webhook.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { PageHead } from '../parts/page.tsx'
import { SecretNote } from '../parts/secret-note.tsx'
import { WebhookItem } from '../parts/webhook-item.tsx'
import { useList } from '../wire/resource.ts'
import type { Webhook } from '../wire/types.ts'

export function WebhooksPage() {
  const webhooks = useList<Webhook>('/v1/webhooks', 15_000)
  const [secret, setSecret] = useState<{ of: string; secret: string } | null>(null)
  return (
    <>
      <PageHead title="Webhooks">
        Signed as Standard Webhooks says, tried again until taken. Verify the signature with the endpoint’s secret.
      </PageHead>
      {secret !== null && <SecretNote name={secret.of} secret={secret.secret} onDone={() => setSecret(null)} />}
      <CreateWebhook onMade={({ url, secret: made }) => setSecret({ of: url, secret: made })} />
      <Loaded of={webhooks} what="the endpoints">
        {(list) =>
          list.length === 0 ? (
            <p class="empty">No endpoint yet.</p>
          ) : (
            <ul class="webhooks">
              {list.map((webhook) => (
                <WebhookItem
                  key={webhook.id}
                  webhook={webhook}
                  onSecret={(made) => setSecret({ of: webhook.url, secret: made })}
                />
              ))}
            </ul>
          )
        }
      </Loaded>
    </>
  )
}
