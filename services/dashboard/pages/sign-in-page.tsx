// The one place where the key is entered. It is tried before it is kept, so that a typing error is said here.
import { useState } from 'preact/hooks'
import { Wordmark } from '../parts/wordmark.tsx'
import { enterKey, keyTrouble } from '../wire/key.ts'

export function SignInPage() {
  const [typed, setTyped] = useState('')
  const [trying, setTrying] = useState(false)
  async function tryKey(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    const entered = typed.trim()
    setTrying(true)
    try {
      const response = await fetch('/v1/models?limit=1', { headers: { authorization: `Bearer ${entered}` } })
      if (response.status === 401) keyTrouble.value = 'That key is not valid here.'
      else enterKey(entered)
    } catch {
      keyTrouble.value = 'The service does not answer.'
    } finally {
      setTrying(false)
    }
  }
  return (
    <main class="sign-in">
      <Wordmark />
      <h1>A model that is written over, and can still be read.</h1>
      <form onSubmit={(event) => void tryKey(event)}>
        <label for="key">Key</label>
        <input
          id="key"
          type="password"
          autoComplete="off"
          spellcheck={false}
          required
          autoFocus
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        <button type="submit" class="primary" disabled={trying}>
          Open
        </button>
        <p class="trouble-line" role="alert">
          {keyTrouble.value}
        </p>
        <p class="hint">
          The first start printed it; it also lies in <code>.palimpsest/api-key</code>. It is kept in this tab alone and
          forgotten when the tab closes.
        </p>
      </form>
    </main>
  )
}
