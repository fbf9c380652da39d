export function Wordmark() {
  return <p class="wordmark">Palimpsest</p>
}
