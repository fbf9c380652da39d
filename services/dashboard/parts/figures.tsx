// A row of readings: each a number, what it is of, and a line that says what it means.
import type { ComponentChildren } from 'preact'

export interface Figure {
  name: string
  value: ComponentChildren
  note?: ComponentChildren
  tone?: 'good' | 'bad'
}

export function Figures({ figures }: { figures: readonly Figure[] }) {
  return (
    <dl class="figures">
      {figures.map(({ name, value, note, tone }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd class={tone ?? ''}>{value}</dd>
          {note !== undefined && <dd class="note">{note}</dd>}
        </div>
      ))}
    </dl>
  )
}
