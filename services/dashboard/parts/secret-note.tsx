// A secret that the service tells once. It stays on show until it is put away.
import { say } from './toasts.tsx'

export interface Secret {
  /** What it is the secret of. */
  of: string
  secret: string
}

export function SecretNote({ of, secret, onDone }: Secret & { onDone: () => void }) {
  const copy = () => void navigator.clipboard.writeText(secret).then(() => say('Copied.'))
  return (
    <section class="secret" aria-labelledby="secret">
      <h2 id="secret">Keep this; it is shown once</h2>
      <p>{of}</p>
      <p class="secret-line">
        <code>{secret}</code>
        {window.isSecureContext && (
          <button type="button" onClick={copy}>
            Copy
          </button>
        )}
        <button type="button" onClick={onDone}>
          I have kept it
        </button>
      </p>
    </section>
  )
}
