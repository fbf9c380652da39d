import { call } from '../wire/call.ts'
import { refresh } from '../wire/resource.ts'
import type { Key } from '../wire/types.ts'
import { Moment } from './moment.tsx'
import { SureButton } from './sure-button.tsx'
import { say, sayTrouble } from './toasts.tsx'

/** What a key may do, and the way to revoke it. */
export function KeyItem({ of: key }: { of: Key }) {
  const { id, name, hint, scopes, models, created_at: made, last_used_at: used, expires_at: expires } = key
  async function revoke(): Promise<void> {
    try {
      await call('DELETE', `/v1/keys/${id}`)
      say(`${name} is revoked.`)
      await refresh('/v1/keys')
    } catch (error) {
      sayTrouble(error)
    }
  }
  return (
    <li class="entry">
      <h3>
        {name} <code>{hint}…</code>
      </h3>
      <p>
        May {scopes.join(', ')} with {models === null ? 'all models' : models.join(', ') || 'no model that is left'}.
      </p>
      <p class="note">
        Made <Moment at={made} />, {used === null ? 'never used' : <UsedAt at={used} />}
        {expires !== null && (
          <>
            , {expires * 1000 < Date.now() ? 'expired' : 'expires'} <Moment at={expires} />
          </>
        )}
        .
      </p>
      <p class="row">
        <SureButton name={`Revoke ${name}`} sure="Revoke it for good" onSure={() => void revoke()}>
          Revoke
        </SureButton>
      </p>
    </li>
  )
}

function UsedAt({ at }: { at: number }) {
  return (
    <>
      last used <Moment at={at} />
    </>
  )
}
