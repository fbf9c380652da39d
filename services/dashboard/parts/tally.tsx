// "1 → 4 of 5": how many questions were answered right before and after.
import type { Update } from '../wire/types.ts'

interface TallyLineProps {
  tally: NonNullable<Update['learned']>
  what: string
  /** Fewer are better: of what was to be forgotten. */
  falling?: boolean
}

export function TallyLine({ tally, what, falling = false }: TallyLineProps) {
  const { before, after, total } = tally
  const tone = after === before ? '' : after > before === falling ? 'bad' : 'good'
  return (
    <span class="tally" title={`${what} answered right, before and after`}>
      <span class="number">{before}</span>
      <span aria-label="before, after"> → </span>
      <span class={`number ${tone}`}>{after}</span> of <span class="number">{total}</span>
      <span class="unseen"> {what}</span>
    </span>
  )
}
