import { useState } from 'preact/hooks'
import { useHashLocation } from 'wouter-preact/use-hash-location'

interface CompareFormProps {
  versions: readonly number[]
  /** Chosen to begin with. */
  chosen: { before: number; after: number }
}

/** Any two versions beside each other. */
export function CompareForm({ versions, chosen }: CompareFormProps) {
  const [, go] = useHashLocation()
  const [before, setBefore] = useState(chosen.before)
  const [after, setAfter] = useState(chosen.after)
  const choice = (name: string, value: number, onChange: (version: number) => void) => (
    <label>
      <span>{name}</span>
      <select value={value} onChange={(event) => onChange(Number(event.currentTarget.value))}>
        {versions.map((version) => (
          <option key={version} value={version}>
            v{version}
          </option>
        ))}
      </select>
    </label>
  )
  return (
    <form class="inline-form" onSubmit={(event) => (event.preventDefault(), go(`/versions/${before}/${after}`))}>
      {choice('Compare', before, setBefore)}
      {choice('with', after, setAfter)}
      <button type="submit">Show what changed</button>
    </form>
  )
}
