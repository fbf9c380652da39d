// Keys for other callers: made with the scopes and models they need, listed by how they begin, revoked by a second click.
// Only a key with the scope `admin` may look at them.
import { useState } from 'preact/hooks'
import { CreateKey } from '../parts/create-key.tsx'
import { KeyItem } from '../parts/key-item.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { PageHead } from '../parts/page.tsx'
import { SecretNote, type Secret } from '../parts/secret-note.tsx'
import { useList } from '../wire/resource.ts'
import type { Key } from '../wire/types.ts'

export function KeysPage() {
  const keys = useList<Key>('/v1/keys', 20_000)
  const [secret, setSecret] = useState<Secret | null>(null)
  const allowed = keys.error?.status !== 403
  return (
    <>
      <PageHead title="Keys">
        Each can do what its scopes say, with the models it is bound to, and no more. The service keeps a hash alone.
      </PageHead>
      {secret !== null && <SecretNote {...secret} onDone={() => setSecret(null)} />}
      {allowed && <CreateKey onMade={setSecret} />}
      {allowed ? (
        <section aria-labelledby="keys">
          <h2 id="keys">In use</h2>
          <Loaded of={keys} what="the keys">
            {(list) =>
              list.length === 0 ? (
                <p class="empty">None but the key that the service was started with.</p>
              ) : (
                <ul class="entries">
                  {list.map((key) => (
                    <KeyItem key={key.id} of={key} />
                  ))}
                </ul>
              )
            }
          </Loaded>
        </section>
      ) : (
        <p class="empty">
          The key entered here may not manage keys: that takes the scope <code>admin</code>.
        </p>
      )}
    </>
  )
}
