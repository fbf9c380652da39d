// The phases of an update in a line, each with the time it took.
import type { Update } from '../wire/types.ts'
import { count, duration } from './format.ts'

const phases = [
  ['studying', 'Studied', 'writing about it'],
  ['training', 'Trained', 'into the weights'],
  ['evaluating', 'Asked', 'everything known'],
] as const

export function PhaseLadder({ update }: { update: Update }) {
  const reached = update.state === 'awaiting_review' ? 1 : phases.findIndex(([state]) => state === update.state)
  return (
    <ol class="ladder">
      {phases.map(([state, name, note], index) => {
        const took = update.timings_ms[state]
        const done = took !== undefined || (reached >= 0 && index < reached)
        const standing = state === update.state ? 'now' : done ? 'done' : 'ahead'
        return (
          <li key={state} class={standing} aria-current={standing === 'now' ? 'step' : undefined}>
            <span class="ladder-name">{name}</span>
            <span class="ladder-note">
              {took === undefined ? note : duration(took)}
              {state === 'studying' && update.generated_tokens > 0 && `, ${count(update.generated_tokens, 'token')}`}
              {state === 'training' && update.trained_tokens > 0 && `, ${count(update.trained_tokens, 'token')}`}
            </span>
          </li>
        )
      })}
    </ol>
  )
}
