// A version made ready to be asked: read from the database each time, because the head may have moved, while its router
// and its adapters are kept from the last time.
import type { Adapter } from '../engine/adapter/adapter.ts'
import type { PromptReader } from '../engine/engine.ts'
import type { Db } from '../../shared/database/database.ts'
import { AppError } from '../../shared/errors.ts'
import type { ObjectStore } from '../../shared/registry/object-store.ts'
import { loadRouter } from '../../shared/router/load-router.ts'
import { pickAdapters } from '../../shared/router/pick-adapters.ts'
import type { RankedDocument, Router } from '../../shared/router/router.ts'
import { getHead, getKeptVersion } from '../../shared/versions/get-version.ts'
import type { Version } from '../../shared/versions/version.ts'
import { keepRecent } from './keep-recent.ts'
import { createAdapterLoader } from './load-adapter.ts'

export interface OpenVersion {
  version: Version
  route: Router
  /** The adapters that answer this question, as the one that acts as their sum; null for the base. */
  loadFor: (question: string) => Promise<Adapter | null>
}

/** `number` null opens the head. Throws `not_found` (model, version) and `adapter_unavailable`. */
export type VersionOpener = (model: string, number: number | null) => Promise<OpenVersion>

export interface VersionParts {
  db: Db
  store: ObjectStore
  engine: PromptReader
  /** An adapter of the embedded base takes 20 MB at rank 16. */
  adapterBytesMax?: number
}

/** Each holds the words of a version's documents: a few MB for a thousand of them. */
const ROUTERS_MAX = 16

export function createVersionOpener({
  db,
  store,
  engine,
  adapterBytesMax = 256 * 2 ** 20,
}: VersionParts): VersionOpener {
  const loadAdapter = createAdapterLoader(store, engine.base, adapterBytesMax)
  const routers = keepRecent<Router>(ROUTERS_MAX, () => 1)
  return async (model, number) => {
    const version = number === null ? await getHead(db, model) : await getKeptVersion(db, model, number)
    checkBase(version, engine)
    const route = await routers.get(versionKey(version), () => loadRouter(db, version.manifest))
    return { version, route, loadFor: (question) => loadAdapter(pickAdapters(version.manifest, route, question)) }
  }
}

/** The document whose weights answer the question; undefined where none is about it. */
export function findRouted(route: Router, question: string): RankedDocument | undefined {
  const { documentId, ranking } = route(question)
  return ranking.find((ranked) => ranked.documentId === documentId)
}

/** On the wire: what an answer came from. */
export function toSource({ documentId, title, score }: RankedDocument): { id: string; title: string; score: number } {
  return { id: documentId, title, score: Number(score.toFixed(4)) }
}

function checkBase(version: Version, engine: PromptReader): void {
  const trainedOn = version.manifest?.base
  if (!trainedOn || trainedOn.sha256 === engine.base.sha256) return
  throw new AppError(
    'adapter_unavailable',
    `Version ${version.number} of ${version.model} was trained on ${trainedOn.id}; the base loaded here is ${engine.base.id}.`,
  )
}

/** A version's number and its moment: a database that was set up anew counts from 0 again. */
function versionKey({ model, number, createdAt }: Version): string {
  return `${model} ${number} ${createdAt.getTime()}`
}
