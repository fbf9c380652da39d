// The one command that does not ask the service: the base is a file where the trainer runs, and no call gives it out. It is
// named as for the trainer, by BASE_MODEL.
import { basename } from 'node:path'
import type { BaseSource } from '../../engine/base/base-source.ts'
import { planBaseExport } from '../../engine/base/export-base.ts'
import { openBase } from '../../engine/base/open-base.ts'
import { baseModelOf } from '../../../shared/config.ts'
import type { Flags } from '../settings.ts'
import type { Terminal } from '../terminal.ts'
import { UsageError } from '../usage-error.ts'
import { inMegabytes, writeFolder } from '../write-folder.ts'

const dtypes = { f32: 'F32', bf16: 'BF16', f16: 'F16' } as const

/** Throws UsageError, and Error for a base that is not there or a disk that is full. */
export async function exportBase(terminal: Terminal, flags: Flags, env: NodeJS.ProcessEnv): Promise<number> {
  const dtype = Object.entries(dtypes).find(([name]) => name === flags.dtype)?.[1]
  if (dtype === undefined) throw new UsageError(`--dtype is one of ${Object.keys(dtypes).join(', ')}.`)
  const onDownload = (file: string, done: number, all: number) => terminal.showBar(done / all, `fetching ${file}`)
  const source = await openBase(baseModelOf(env), { onDownload })
  try {
    return await write(terminal, flags, source, dtype)
  } finally {
    terminal.clearBar()
    source.close()
  }
}

async function write(
  terminal: Terminal,
  { dtype: dtypeName, out, overwrite }: Flags,
  source: BaseSource,
  dtype: (typeof dtypes)[keyof typeof dtypes],
): Promise<number> {
  const folder = out ?? `${basename(source.id)}-${dtypeName}`
  const plan = planBaseExport(source, dtype)
  const { bytes } = plan
  terminal.hint(`${folder} will hold ${inMegabytes(bytes)}.`)
  await writeFolder(folder, { overwrite, bytes, mark: 'config.json' }, (partial) =>
    plan.write(partial, (done) => terminal.showBar(done / bytes, `${inMegabytes(done)} of ${inMegabytes(bytes)}`)),
  )
  terminal.clearBar()
  terminal.tell({ folder, bytes, base: source.id, dtype: dtypeName })
  terminal.say(`${folder}: ${inMegabytes(bytes)}`)
  return 0
}
