import { AppError } from '../../shared/errors.ts'
import type { Version } from '../../shared/versions/version.ts'
import type { Engine } from '../engine/engine.ts'

/** Throws `conflict` when the version's adapters were trained on another base than the one that runs. */
export function refuseOtherBase(
  { model, manifest }: Pick<Version, 'model' | 'manifest'>,
  engine: Pick<Engine, 'base'>,
): void {
  if (manifest === null || manifest.base.sha256 === engine.base.sha256) return
  throw new AppError(
    'conflict',
    `model ${model} was built on base ${manifest.base.id}, this trainer runs ${engine.base.id}: ` +
      'start it with that base, or send the document to a new model',
  )
}
