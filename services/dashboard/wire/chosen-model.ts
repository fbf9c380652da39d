// Which model the page is about. A service may hold several; most hold `default`.
import { signal } from '@preact/signals'

const slot = 'palimpsest-model'

export const chosenModel = signal(sessionStorage.getItem(slot) ?? 'default')

export function chooseModel(name: string): void {
  sessionStorage.setItem(slot, name)
  chosenModel.value = name
}
