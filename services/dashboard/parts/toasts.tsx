// Short messages about what was just done, said to screen readers too, some with a way to undo it.
import { signal } from '@preact/signals'

interface Toast {
  id: number
  text: string
  tone: 'plain' | 'trouble'
  undo?: () => void
}

const shownMs = 8_000
const toasts = signal<Toast[]>([])
let nextId = 1

export function say(text: string, undo?: () => void): void {
  show({ id: nextId++, text, tone: 'plain', ...(undo === undefined ? {} : { undo }) })
}

/** Of something that was tried and failed. */
export function sayTrouble(error: unknown): void {
  show({ id: nextId++, text: error instanceof Error ? error.message : String(error), tone: 'trouble' })
}

function show(toast: Toast): void {
  toasts.value = [...toasts.value.slice(-2), toast]
  setTimeout(() => dismiss(toast.id), shownMs)
}

function dismiss(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id)
}

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map(({ id, text, tone, undo }) => (
        <div key={id} class={`toast ${tone}`}>
          <p>{text}</p>
          {undo !== undefined && (
            <button type="button" onClick={() => (dismiss(id), undo())}>
              Undo
            </button>
          )}
          <button type="button" aria-label="Dismiss" onClick={() => dismiss(id)}>
            ×
          </button>
        </div>
      ))}
    </div>
  )
}
