import { errorOf } from '../../client/palimpsest-error.ts'
import type { Schemas } from '../../client/palimpsest.ts'
import { alignColumns } from '../columns.ts'
import { paint } from '../terminal.ts'
import type { Command } from './command.ts'

export const versions: Command = async ({ palimpsest, terminal, flags }) => {
  const { data, error, response } = await palimpsest.http.GET('/v1/models/{name}', {
    params: { path: { name: flags.model } },
  })
  if (data === undefined) throw errorOf(response.status, error)
  const rows = [['version', '', 'parent', 'made (UTC)', 'verdict']]
  for await (const version of palimpsest.listVersions(flags.model)) {
    const head = version.version === data.head_version
    terminal.tell({ ...version, head })
    rows.push([
      `v${version.version}`,
      head ? 'head' : '',
      version.parent === null ? '' : `v${version.parent}`,
      new Date(version.created_at * 1000).toISOString().slice(0, 16).replace('T', ' '),
      describe(version),
    ])
  }
  alignColumns(rows).forEach((line, index) => terminal.say(index === 0 ? paint(terminal, '1', line) : line))
  return 0
}

function describe({ verdict }: Schemas['Version']): string {
  return verdict === null ? 'the base' : `${verdict.action}: ${verdict.reason}`
}
