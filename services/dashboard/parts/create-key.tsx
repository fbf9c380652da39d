// A new key with the scopes that are ticked, for all models or for those that are ticked.
import { useState } from 'preact/hooks'
import { call } from '../wire/call.ts'
import { refresh, useList } from '../wire/resource.ts'
import type { KeyWithSecret, ModelBody } from '../wire/types.ts'
import { Choices, toggled } from './choices.tsx'
import type { Secret } from './secret-note.tsx'
import { sayTrouble } from './toasts.tsx'

const scopes = [
  { value: 'read', meaning: 'look at everything, and ask' },
  { value: 'write', meaning: 'give documents, and change models' },
  { value: 'admin', meaning: 'make and revoke keys, and read the audit log' },
] as const

const day = 86_400
const lifetimes = [
  { label: 'never', seconds: null },
  { label: 'in a day', seconds: day },
  { label: 'in 30 days', seconds: 30 * day },
  { label: 'in a year', seconds: 365 * day },
] as const

export function CreateKey({ onMade }: { onMade: (secret: Secret) => void }) {
  const models = useList<ModelBody>('/v1/models', 60_000)
  const [name, setName] = useState('')
  const [wanted, setWanted] = useState<ReadonlySet<string>>(new Set(['read', 'write']))
  const [bound, setBound] = useState(false)
  const [ofModels, setOfModels] = useState<ReadonlySet<string>>(new Set())
  const [lifetime, setLifetime] = useState(0)

  async function make(): Promise<void> {
    const body = {
      name: name.trim(),
      scopes: [...wanted],
      models: bound ? [...ofModels] : null,
      expires_in_seconds: lifetimes[lifetime]?.seconds ?? null,
    }
    try {
      const made = await call<KeyWithSecret>('POST', '/v1/keys', { body })
      if (made.secret !== null) onMade({ of: made.name, secret: made.secret })
      setName('')
      await refresh('/v1/keys')
    } catch (error) {
      sayTrouble(error)
    }
  }

  return (
    <form class="compose" aria-labelledby="new-key" onSubmit={(event) => (event.preventDefault(), void make())}>
      <h2 id="new-key">Make a key</h2>
      <label for="key-name">What it is for</label>
      <input
        id="key-name"
        required
        maxLength={100}
        autoComplete="off"
        value={name}
        onInput={(event) => setName(event.currentTarget.value)}
      />
      <Choices
        legend="It may"
        choices={scopes}
        chosen={wanted}
        onToggle={(scope) => setWanted(toggled(wanted, scope))}
      />
      <div class="selects">
        <label>
          <span>With</span>
          <select value={bound ? 'some' : 'all'} onChange={(event) => setBound(event.currentTarget.value === 'some')}>
            <option value="all">all models, those to come as well</option>
            <option value="some">these models only</option>
          </select>
        </label>
        <label>
          <span>Expires</span>
          <select value={lifetime} onChange={(event) => setLifetime(Number(event.currentTarget.value))}>
            {lifetimes.map(({ label }, index) => (
              <option key={label} value={index}>
                {label}
              </option>
            ))}
          </select>
        </label>
      </div>
      {bound && (
        <Choices
          legend="Models"
          choices={(models.data ?? []).map(({ id }) => ({ value: id }))}
          chosen={ofModels}
          onToggle={(model) => setOfModels(toggled(ofModels, model))}
        />
      )}
      <div class="compose-foot">
        <button type="submit" class="primary" disabled={wanted.size === 0 || (bound && ofModels.size === 0)}>
          Make the key
        </button>
      </div>
    </form>
  )
}
