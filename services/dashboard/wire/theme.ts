// Light, dark, or as the system has it. The choice outlives the tab, unlike the key.
import { effect, signal } from '@preact/signals'

const themes = ['auto', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]
const slot = 'palimpsest-theme'

export const theme = signal<Theme>(themes.find((one) => one === localStorage.getItem(slot)) ?? 'auto')

effect(() => {
  localStorage.setItem(slot, theme.value)
  document.documentElement.dataset['theme'] = theme.value
})

export function nextTheme(current: Theme): Theme {
  return themes[(themes.indexOf(current) + 1) % themes.length] ?? 'auto'
}
