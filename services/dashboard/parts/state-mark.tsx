// The state of an update in a word, with a mark that differs in shape and not only in colour.
import type { UpdateState } from '../wire/types.ts'

const words: Record<UpdateState, string> = {
  queued: 'waiting',
  studying: 'studying',
  awaiting_review: 'awaiting review',
  training: 'training',
  evaluating: 'being asked',
  promoted: 'learned',
  rejected: 'rejected',
  failed: 'failed',
  cancelled: 'cancelled',
}
const marks: Record<UpdateState, string> = {
  queued: '○',
  studying: '◐',
  awaiting_review: '◇',
  training: '◐',
  evaluating: '◐',
  promoted: '●',
  rejected: '⊘',
  failed: '×',
  cancelled: '–',
}

/** `word` says it otherwise, e.g. of an update that taught nothing. */
export function StateMark({ state, word = words[state] }: { state: UpdateState; word?: string }) {
  return (
    <span class={`state ${state}`}>
      <span class="state-mark" aria-hidden="true">
        {marks[state]}
      </span>
      {word}
    </span>
  )
}
