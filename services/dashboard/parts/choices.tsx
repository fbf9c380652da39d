// Any number of a few, as boxes to tick.
interface ChoicesProps {
  legend: string
  /** `meaning` says in words what the value stands for. */
  choices: readonly { value: string; meaning?: string }[]
  chosen: ReadonlySet<string>
  onToggle: (value: string) => void
}

export function Choices({ legend, choices, chosen, onToggle }: ChoicesProps) {
  return (
    <fieldset class="choices">
      <legend>{legend}</legend>
      {choices.map(({ value, meaning }) => (
        <label key={value}>
          <input type="checkbox" checked={chosen.has(value)} onChange={() => onToggle(value)} />
          <span>
            {meaning} <code>{value}</code>
          </span>
        </label>
      ))}
    </fieldset>
  )
}

/** With the value, or without it where it was there. */
export function toggled(chosen: ReadonlySet<string>, value: string): ReadonlySet<string> {
  const next = new Set(chosen)
  if (!next.delete(value)) next.add(value)
  return next
}
