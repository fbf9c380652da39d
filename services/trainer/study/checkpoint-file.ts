// A training's state on disk, so that a long training goes on after a stop: one safetensors file of weights and moments,
// written beside and renamed, so that a crash leaves the last whole one.
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import type { LoraConfig } from '../../engine/adapter/adapter.ts'
import type { HostTensor } from '../../engine/base/base-source.ts'
import type { TrainingCheckpoint } from '../../engine/engine.ts'
import { openSafetensors, writeSafetensors } from '../../engine/formats/safetensors.ts'

const PARTS = ['adapter', 'firstMoment', 'secondMoment'] as const
type Part = (typeof PARTS)[number]

/** `lessonsSha256` names the rows and recipe; a checkpoint of other ones must not be gone on from. */
export function writeCheckpoint(path: string, checkpoint: TrainingCheckpoint, lessonsSha256: string): void {
  const tensors = new Map<string, HostTensor>()
  const parts = { ...checkpoint, adapter: checkpoint.adapter.tensors }
  for (const part of PARTS) for (const [name, tensor] of parts[part]) tensors.set(`${part}/${name}`, tensor)
  const metadata = new Map([
    ['step', String(checkpoint.step)],
    ['lora', JSON.stringify(checkpoint.adapter.config)],
    ['lessons_sha256', lessonsSha256],
  ])
  writeFileSync(`${path}.new`, writeSafetensors(tensors, metadata))
  renameSync(`${path}.new`, path)
}

/** Undefined where there is none, or one of another training. Throws for a damaged file. */
export function findCheckpoint(path: string, lessonsSha256: string): TrainingCheckpoint | undefined {
  if (!existsSync(path)) return undefined
  const file = openSafetensors(path)
  try {
    if (file.metadata.get('lessons_sha256') !== lessonsSha256) return undefined
    const parts: Record<Part, Map<string, HostTensor>> = {
      adapter: new Map(),
      firstMoment: new Map(),
      secondMoment: new Map(),
    }
    for (const stored of file.tensors.keys()) {
      const part = PARTS.find((candidate) => stored.startsWith(`${candidate}/`))
      if (part !== undefined) parts[part].set(stored.slice(part.length + 1), file.read(stored))
    }
    const config = JSON.parse(file.metadata.get('lora') ?? '{}') as LoraConfig
    return { ...parts, step: Number(file.metadata.get('step')), adapter: { config, tensors: parts.adapter } }
  } finally {
    file.close()
  }
}

export function removeCheckpoint(path: string): void {
  rmSync(path, { force: true })
}
