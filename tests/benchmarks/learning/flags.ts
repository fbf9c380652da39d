// The flags that all benchmarks of learning share, read once. Wrong ones end with a sentence, before the base is loaded.
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { PlainError } from '../../../infra/local/setup/plain-error.mjs'

export interface Flags {
  help: boolean
  /** Passages to take. */
  documents: number
  seeds: number
  /** Undefined: the benchmark's own choice. */
  data: string | undefined
  /** The first passage of the file that is taken; undefined as above. */
  from: number | undefined
  /** Names, in the order given; undefined for the benchmark's default ones. */
  arms: string[] | undefined
  /** A GGUF file, a safetensors folder or a Hub id; undefined for the service's own. */
  base: string | undefined
  json: string | undefined
  /** Folder of the report; undefined for one beside the results. */
  out: string | undefined
  /** Folder of the results that a rerun goes on from. */
  state: string
  fresh: boolean
  /** Only write the report of what is there. */
  report: boolean
}

/** The lines of `--help` that are the same everywhere. */
export const SHARED_HELP = `  --data FILE      [{id, title, text, questions: [{question, answer}], selfEdits?}]
  --from N         the first passage of it (0; of pool.json 700: nothing was trained on those)
  --base PATH      GGUF file, safetensors folder or Hub id (what the service runs)
  --state FOLDER   where results and self-edits are kept; a rerun goes on from them (.palimpsest/benchmarks)
  --fresh          measure anew what the state already holds
  --report         measure nothing, only report what the state holds
  --out FOLDER     report.md, report.json and an SVG go there (a folder of STATE)
  --json FILE      the JSON there too
  --help
`

const repository = resolve(import.meta.dirname, '../../..')

/** Throws a PlainError for a flag that is not known or not usable; those in `more` are handed back as text. */
export function readFlags<More extends string = never>(
  args: readonly string[],
  defaults: { documents: number; seeds: number },
  more: Readonly<Record<More, string>> = {} as Record<More, string>,
): Flags & { more: Record<More, string> } {
  const text = { type: 'string' } as const
  const own = Object.fromEntries(Object.keys(more).map((name) => [name, text]))
  const values = parse(args, own)
  const given = (name: string): string | undefined => {
    const value = values[name]
    return typeof value === 'string' ? value : undefined
  }
  const from = given('from')
  return {
    help: values['help'] === true,
    documents: wholeNumber('documents', given('documents') ?? String(defaults.documents), 1),
    seeds: wholeNumber('seeds', given('seeds') ?? String(defaults.seeds), 1),
    data: given('data'),
    from: from === undefined ? undefined : wholeNumber('from', from, 0),
    arms: given('arms')
      ?.split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
    base: given('base'),
    json: given('json'),
    out: given('out'),
    state: resolve(given('state') ?? resolve(repository, '.palimpsest/benchmarks')),
    fresh: values['fresh'] === true,
    report: values['report'] === true,
    more: Object.fromEntries(
      Object.entries<string>(more).map(([name, value]) => [name, given(name) ?? value]),
    ) as Record<More, string>,
  }
}

function parse(
  args: readonly string[],
  own: Record<string, { type: 'string' }>,
): Readonly<Record<string, string | boolean | undefined>> {
  const [text, yes] = [{ type: 'string' } as const, { type: 'boolean' } as const]
  const names = ['documents', 'seeds', 'data', 'from', 'arms', 'base', 'json', 'out', 'state']
  const options = {
    ...Object.fromEntries(names.map((name) => [name, text])),
    ...{ help: yes, fresh: yes, report: yes },
    ...own,
  }
  try {
    return parseArgs({ args: [...args], options }).values
  } catch (cause) {
    throw new PlainError(`${cause instanceof Error ? cause.message : String(cause)}\nSee --help.`, { cause })
  }
}

/** Throws a PlainError. */
export function wholeNumber(flag: string, text: string, least: number): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isSafeInteger(value) && value >= least) return value
  throw new PlainError(`--${flag} must be a whole number of at least ${least}, not "${text}".`)
}
