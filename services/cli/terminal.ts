// Where a command writes. Results go to standard output; what is for people's eyes only (bars, hints) to standard error and
// only where a person looks. Colour follows the terminal, NO_COLOR and FORCE_COLOR.

export interface Terminal {
  json: boolean
  color: boolean
  columns: number
  /** A line of the result; nothing in JSON mode. */
  say(line: string): void
  /** A value of the result, as one line of JSON; nothing otherwise. */
  tell(value: unknown): void
  /** What went wrong with one of several. */
  complain(line: string): void
  /** For eyes only, before a long wait. */
  hint(line: string): void
  /** Redrawn in place; nothing where no person looks. */
  showBar(fraction: number, label: string): void
  clearBar(): void
}

const barWidth = 28

export function openTerminal(json: boolean, env: NodeJS.ProcessEnv): Terminal {
  const { stdout, stderr } = process
  const watched = stderr.isTTY && !json
  const color = env['FORCE_COLOR']
    ? env['FORCE_COLOR'] !== '0'
    : stdout.isTTY && !env['NO_COLOR'] && env['TERM'] !== 'dumb'
  return {
    json,
    color,
    columns: stdout.columns || 100,
    say: (line) => void (json || stdout.write(`${printable(line)}\n`)),
    tell: (value) => void (json && stdout.write(`${JSON.stringify(value)}\n`)),
    complain: (line) => void stderr.write(`palimpsest: ${printable(line)}\n`),
    hint: (line) => void (watched && stderr.write(`${line}\n`)),
    showBar(fraction, label) {
      if (!watched) return
      const done = Math.round(Math.min(1, Math.max(0, fraction)) * barWidth)
      const bar = '█'.repeat(done) + '░'.repeat(barWidth - done)
      const room = Math.max(0, (stderr.columns || 80) - barWidth - 9)
      stderr.write(
        `\r\u001b[K${bar} ${String(Math.round(fraction * 100)).padStart(3)} %  ${printable(label).slice(0, room)}`,
      )
    },
    clearBar: () => void (watched && stderr.write('\r\u001b[K')),
  }
}

/**
 * Without control characters, which in a title or an answer could move the cursor or rename the window: line ends, tabs and
 * colours stay.
 */
export function printable(text: string): string {
  return text.replace(/[^\P{Cc}\n\t](\[[\d;]*m)?/gu, (found, colour: string = '') =>
    found === `\u001b${colour}` && colour ? found : colour,
  )
}

/** `codes` of SGR, e.g. `1` bold, `2` faint, `32` green. */
export function paint({ color }: Pick<Terminal, 'color'>, codes: string, text: string): string {
  return color ? `\u001b[${codes}m${text}\u001b[0m` : text
}
