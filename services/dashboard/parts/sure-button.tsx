// A button for what cannot be taken back: the first click asks, the second does it, and looking elsewhere calls it off.
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'

interface SureButtonProps {
  /** For screen readers, where `children` are not enough by themselves. */
  name?: string
  /** What the button says when it asks. */
  sure: string
  onSure: () => void
  children: ComponentChildren
}

export function SureButton({ name, sure, onSure, children }: SureButtonProps) {
  const [asking, setAsking] = useState(false)
  return (
    <button
      type="button"
      class={asking ? 'danger' : ''}
      aria-label={asking ? undefined : name}
      onBlur={() => setAsking(false)}
      onClick={() => {
        setAsking(!asking)
        if (asking) onSure()
      }}
    >
      {asking ? sure : children}
    </button>
  )
}
