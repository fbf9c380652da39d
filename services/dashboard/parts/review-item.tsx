// A self-edit under review: its words, and whether it is kept.
import type { SelfEditBody } from '../wire/types.ts'

/** What is to be different; what is absent stays. */
export interface Rewording {
  prompt?: string
  completion?: string
  kept?: boolean
}

interface ReviewItemProps {
  edit: SelfEditBody
  rewording: Rewording
  onChange: (rewording: Rewording) => void
}

export function ReviewItem({ edit, rewording, onChange }: ReviewItemProps) {
  const { prompt, completion, kept } = { ...edit, ...rewording }
  return (
    <li class={`review-item ${kept ? '' : 'dropped'}`}>
      <textarea
        class="prompt"
        aria-label={`Prompt: ${edit.prompt}`}
        rows={1}
        value={prompt}
        onInput={(event) => onChange({ prompt: event.currentTarget.value })}
      />
      <textarea
        aria-label={`Completion of: ${edit.prompt}`}
        rows={1}
        value={completion}
        onInput={(event) => onChange({ completion: event.currentTarget.value })}
      />
      <label class="check">
        <input
          type="checkbox"
          aria-label={`Keep: ${edit.prompt}`}
          checked={kept}
          onChange={(event) => onChange({ kept: event.currentTarget.checked })}
        />
        <span class="note">
          {kept ? (edit.held_out ? 'held out, to be asked' : 'trained') : `dropped${whyDropped(edit)}`}
        </span>
      </label>
    </li>
  )
}

/** The study's own reason; a reviewer gives none. */
function whyDropped({ reason }: SelfEditBody): string {
  return reason === null ? '' : `: ${reason}`
}
