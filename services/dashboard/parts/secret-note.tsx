// A secret that the service tells once. It stays on show until it is put away.
import { say } from './toasts.tsx'

export function SecretNote({ name, secret, onDone }: { name: string; secret: string; onDone: () => void }) {
  return (
    <section class="secret" aria-labelledby="secret">
      <h2 id="secret">Keep this; it is shown once</h2>
      <p>{name}</p>
      <p class="secret-line">
        <code>{secret}</code>
        <button type="button" onClick={() => void navigator.clipboard.writeText(secret).then(() => say('Copied.'))}>
          Copy
        </button>
        <button type="button" onClick={onDone}>
          I have kept it
        </button>
      </p>
    </section>
  )
}
