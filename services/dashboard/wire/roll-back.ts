// One click makes another version the head; it is said, with the way back beside it.
import { say, sayTrouble } from '../parts/toasts.tsx'
import { call } from './call.ts'
import { refresh } from './resource.ts'

/** `head` is the version that answered until now. */
export async function rollBack(model: string, version: number, head: number): Promise<void> {
  try {
    await call('POST', `/v1/models/${model}/rollback`, { body: { version } })
    say(`v${version} answers now.`, () => void rollBack(model, head, version))
    await refresh(`/v1/models/${model}`)
  } catch (error) {
    sayTrouble(error)
  }
}
