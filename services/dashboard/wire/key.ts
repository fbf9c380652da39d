// The key is entered once and lives as long as its tab: sessionStorage, never a cookie or a URL.
import { signal } from '@preact/signals'

const slot = 'palimpsest-key'

/** Null until one is entered. */
export const key = signal<string | null>(sessionStorage.getItem(slot))
/** Why the last one was given up, for the sign-in form. */
export const keyTrouble = signal<string | null>(null)

export function enterKey(entered: string): void {
  sessionStorage.setItem(slot, entered)
  keyTrouble.value = null
  key.value = entered
}

export function forgetKey(why: string | null = null): void {
  sessionStorage.removeItem(slot)
  keyTrouble.value = why
  key.value = null
}
