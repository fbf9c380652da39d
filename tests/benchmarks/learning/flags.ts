// The flags that all benchmarks of learning share, read once. Wrong ones end with a sentence, before the base is loaded.
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { PlainError } from '../../../infra/local/setup/plain-error.mjs'

/** The lines of `--help` of every benchmark that keeps results. */
export const STATE_HELP = `  --base PATH      GGUF file, safetensors folder or Hub id (what the service runs)
  --state FOLDER   where results and self-edits are kept; a rerun goes on from them (.palimpsest/benchmarks)
  --fresh          measure anew what the state already holds
  --report         measure nothing, only report what the state holds
  --out FOLDER     report.md, report.json and an SVG go there (a folder of STATE)
  --json FILE      the JSON there too
  --help
`

/** Of those that learn passages. */
export const SHARED_HELP = `  --data FILE      [{id, title, text, questions: [{question, answer}], selfEdits?}]
  --from N         the first passage of it (0; of pool.json 700: nothing was trained on those)
${STATE_HELP}`

/** What every benchmark that keeps results reads. */
export interface StateFlags {
  help: boolean
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

export interface Flags extends StateFlags {
  /** Passages to take. */
  documents: number
  seeds: number
  /** Undefined: the benchmark's own choice. */
  data: string | undefined
  /** The first passage of the file that is taken; undefined as above. */
  from: number | undefined
}

const repository = resolve(import.meta.dirname, '../../..')

/** Throws a PlainError for a flag that is not known or not usable; those in `more` are handed back as text. */
export function readFlags<More extends string = never>(
  args: readonly string[],
  defaults: { documents: number; seeds: number },
  more: Readonly<Record<More, string>> = {} as Record<More, string>,
): Flags & { more: Record<More, string> } {
  const own = { documents: String(defaults.documents), seeds: String(defaults.seeds), data: '', from: '' }
  const { given, ...flags } = readStateFlags(args, { ...own, ...more })
  return {
    ...flags,
    documents: wholeNumber('documents', given.documents, 1),
    seeds: wholeNumber('seeds', given.seeds, 1),
    data: given.data === '' ? undefined : given.data,
    from: given.from === '' ? undefined : wholeNumber('from', given.from, 0),
    more: given,
  }
}

/** The flags of the state; those in `more` are handed back as text, by default what stands there. Throws a PlainError. */
export function readStateFlags<More extends string>(
  args: readonly string[],
  more: Readonly<Record<More, string>>,
): StateFlags & { given: Record<More, string> } {
  const values = parse(args, Object.keys(more))
  const text = (name: string): string | undefined => {
    const value = values[name]
    return typeof value === 'string' ? value : undefined
  }
  return {
    help: values['help'] === true,
    arms: text('arms')
      ?.split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
    base: text('base'),
    json: text('json'),
    out: text('out'),
    state: resolve(text('state') ?? resolve(repository, '.palimpsest/benchmarks')),
    fresh: values['fresh'] === true,
    report: values['report'] === true,
    given: Object.fromEntries(
      Object.entries<string>(more).map(([name, value]) => [name, text(name) ?? value]),
    ) as Record<More, string>,
  }
}

function parse(
  args: readonly string[],
  more: readonly string[],
): Readonly<Record<string, string | boolean | undefined>> {
  const [text, yes] = [{ type: 'string' } as const, { type: 'boolean' } as const]
  const names = ['arms', 'base', 'json', 'out', 'state', ...more]
  const options = {
    ...Object.fromEntries(names.map((name) => [name, text])),
    ...{ help: yes, fresh: yes, report: yes },
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
