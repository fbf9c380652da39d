// What a benchmark leaves behind: Markdown to paste, the same as JSON with every answer, and pictures.
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { dirname, join } from 'node:path'
import type { StateFlags } from './flags.ts'

export interface Report {
  markdown: string
  json: object
  /** File name to SVG. */
  pictures: Readonly<Record<string, string>>
}

/** Prints the Markdown, writes all to the folder `--out` or `STATE/NAME`; says where. */
export function writeReport(
  name: string,
  flags: Pick<StateFlags, 'out' | 'state' | 'json'>,
  { markdown, json, pictures }: Report,
): void {
  const folder = flags.out ?? join(flags.state, name)
  mkdirSync(folder, { recursive: true })
  const text = `${JSON.stringify(json, null, 2)}\n`
  writeFileSync(join(folder, 'report.md'), markdown)
  writeFileSync(join(folder, 'report.json'), text)
  for (const [file, svg] of Object.entries(pictures)) writeFileSync(join(folder, file), svg)
  if (flags.json !== undefined) {
    mkdirSync(dirname(flags.json), { recursive: true })
    writeFileSync(flags.json, text)
  }
  console.log(`\n${markdown}\nWritten to ${folder}: report.md, report.json, ${Object.keys(pictures).join(', ')}`)
}

/** Where figures come from: what a reader needs to make them again. */
export function describeRuns(runs: readonly { revision: string; load: number }[]): string {
  const revisions = [...new Set(runs.map(({ revision }) => revision))]
  const loads = runs.map(({ load }) => load).toSorted((a, b) => a - b)
  const median = loads[Math.floor(loads.length / 2)]
  const processor = cpus()[0]?.model.trim() ?? 'unknown processor'
  const busy = median === undefined ? '' : `, load ${median.toFixed(1)} at the median run (${loads.at(-1)} at most)`
  return `Commit ${revisions.join(', ') || 'unknown'}; ${processor}, ${cpus().length} cores${busy}.`
}
