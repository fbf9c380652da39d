import type { Schemas } from '../../client/palimpsest.ts'
import { paint } from '../terminal.ts'
import { writeTable } from '../write-table.ts'
import { headOf } from '../head-of.ts'
import type { Command } from './command.ts'

export const versions: Command = async ({ palimpsest, terminal, flags }) => {
  const head = await headOf(palimpsest, flags.model)
  const rows: string[][] = []
  for await (const version of palimpsest.listVersions(flags.model)) {
    terminal.tell({ ...version, head: version.version === head })
    rows.push([
      ...[
        `v${version.version}`,
        version.version === head ? 'head' : '',
        version.parent === null ? '' : `v${version.parent}`,
      ],
      ...[new Date(version.created_at * 1000).toISOString().slice(0, 16).replace('T', ' '), describe(version)],
    ])
  }
  const lines = writeTable(['version', '', 'parent', 'made (UTC)', 'verdict'], rows)
  lines.forEach((line, index) => terminal.say(index === 0 ? paint(terminal, '1', line) : line))
  return 0
}

function describe({ verdict }: Schemas['Version']): string {
  return verdict === null ? 'the base' : `${verdict.action}: ${verdict.reason}`
}
