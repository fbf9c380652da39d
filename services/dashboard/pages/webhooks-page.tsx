// Endpoints that are told what happens, and what was sent to each. A secret is shown once, where it was made.
import { useState } from 'preact/hooks'
import { CreateWebhook } from '../parts/create-webhook.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { PageHead } from '../parts/page.tsx'
import { SecretNote, type Secret } from '../parts/secret-note.tsx'
import { WebhookItem } from '../parts/webhook-item.tsx'
import { useList } from '../wire/resource.ts'
import type { Webhook } from '../wire/types.ts'

export function WebhooksPage() {
  const webhooks = useList<Webhook>('/v1/webhooks', 15_000)
  const [secret, setSecret] = useState<Secret | null>(null)
  return (
    <>
      <PageHead title="Webhooks">
        Signed as Standard Webhooks says, tried again until taken. Verify the signature with the endpoint’s secret.
      </PageHead>
      {secret !== null && <SecretNote {...secret} onDone={() => setSecret(null)} />}
      <CreateWebhook onMade={({ url, secret: made }) => setSecret({ of: url, secret: made })} />
      <section aria-labelledby="endpoints">
        <h2 id="endpoints">Endpoints</h2>
        <Loaded of={webhooks} what="the endpoints">
          {(list) =>
            list.length === 0 ? (
              <p class="empty">None yet: alerts are shown here and told to nobody.</p>
            ) : (
              <ul class="entries">
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
      </section>
    </>
  )
}
