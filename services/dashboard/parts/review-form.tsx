// What the model wrote, before it is trained: each can be reworded, dropped or taken back, and one's own added. Only what
// was changed is sent.
import { useState } from 'preact/hooks'
import { call } from '../wire/call.ts'
import { refresh, useList } from '../wire/resource.ts'
import type { SelfEditBody } from '../wire/types.ts'
import { count } from './format.ts'
import { Loaded } from './loaded.tsx'
import { ReviewItem, type Rewording } from './review-item.tsx'
import { sayTrouble } from './toasts.tsx'

export function ReviewForm({ updateId }: { updateId: string }) {
  const edits = useList<SelfEditBody>(`/v1/updates/${updateId}/self-edits`)
  const [changes, setChanges] = useState<ReadonlyMap<string, Rewording>>(new Map())
  const [added, setAdded] = useState<{ prompt: string; completion: string }[]>([])
  const whole = added.filter(({ prompt, completion }) => prompt.trim() !== '' && completion.trim() !== '')

  function change(id: string, rewording: Rewording): void {
    setChanges(new Map(changes).set(id, { ...changes.get(id), ...rewording }))
  }
  async function approve(): Promise<void> {
    const reworded = [...changes].map(([id, rewording]) => ({ id, ...rewording }))
    try {
      await call('POST', `/v1/updates/${updateId}/approve`, { body: { self_edits: [...reworded, ...whole] } })
      await refresh('/v1/updates', '/v1/documents')
    } catch (error) {
      sayTrouble(error)
    }
  }

  return (
    <section aria-labelledby="review">
      <h2 id="review">Review what it wrote</h2>
      <p class="lead">Reword, drop, or add; then let it train. Other updates of the model do not wait for this.</p>
      <Loaded of={edits} what="the self-edits">
        {(list) => (
          <form onSubmit={(event) => (event.preventDefault(), void approve())}>
            <ol class="review">
              {[...list]
                .sort((a, b) => Number(b.kept) - Number(a.kept))
                .map((edit) => (
                  <ReviewItem
                    key={edit.id}
                    edit={edit}
                    rewording={changes.get(edit.id) ?? {}}
                    onChange={(rewording) => change(edit.id, rewording)}
                  />
                ))}
              {added.map((pair, at) => (
                <li key={at} class="review-item">
                  <AddedPair pair={pair} at={at} onChange={(next) => setAdded(added.with(at, next))} />
                </li>
              ))}
            </ol>
            <p class="row">
              <button type="submit" class="primary">
                {changes.size + whole.length === 0
                  ? 'Train it as it is'
                  : `Train it with ${count(changes.size + whole.length, 'change')}`}
              </button>
              <button type="button" onClick={() => setAdded([...added, { prompt: '', completion: '' }])}>
                Add one of my own
              </button>
            </p>
          </form>
        )}
      </Loaded>
    </section>
  )
}

interface AddedPairProps {
  pair: { prompt: string; completion: string }
  at: number
  onChange: (pair: { prompt: string; completion: string }) => void
}

function AddedPair({ pair, at, onChange }: AddedPairProps) {
  return (
    <>
      <textarea
        aria-label={`Prompt of your own ${at + 1}`}
        placeholder="What is asked"
        rows={1}
        value={pair.prompt}
        onInput={(event) => onChange({ ...pair, prompt: event.currentTarget.value })}
      />
      <textarea
        aria-label={`Completion of your own ${at + 1}`}
        placeholder="What it shall say"
        rows={1}
        value={pair.completion}
        onInput={(event) => onChange({ ...pair, completion: event.currentTarget.value })}
      />
    </>
  )
}
