// A version's adapters as PEFT's folders in a ZIP that is written as it is sent: one adapter is in memory at a time,
// however many a version has. The weights are the stored bytes, whose hash the manifest names; the strength that a
// version gives its adapter is written into the config, so that PEFT and vLLM apply what the service applies.
import { makeZip, type InputWithSizeMeta } from 'client-zip'
import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import { getAdapter } from '../../shared/registry/adapters.ts'
import type { ObjectStore } from '../../shared/registry/object-store.ts'
import { documentsOf, type Manifest, type ManifestAdapter } from '../../shared/versions/manifest.ts'
import type { Version } from '../../shared/versions/version.ts'

const headerSchema = z.object({ __metadata__: z.object({ adapter_config: z.string() }) })
const configSchema = z.looseObject({ lora_alpha: z.number() })

/**
 * All adapters, a folder each beside `manifest.json`; with `document` the two files of that document's adapter alone.
 * Throws `not_found` where there is none, and `adapter_unavailable` before anything is sent when one is missing.
 */
export async function openAdapterArchive(
  store: ObjectStore,
  version: Version,
  document?: string,
): Promise<ReadableStream<Uint8Array>> {
  const { manifest, model, number } = version
  const adapters = manifest?.adapters ?? []
  if (manifest === null || adapters.length === 0)
    throw new AppError('not_found', `version ${number} of ${model} is the base: it has no adapter`)
  const wanted = adapters.filter((entry) => document === undefined || documentsOf(entry).includes(document))
  if (wanted.length === 0) throw new AppError('not_found', `version ${number} of ${model} does not hold ${document}`)
  // Read first: once the sending has begun a failure can only break it off.
  const [first] = wanted
  const bytes = first === undefined ? new Uint8Array() : await getAdapter(store, first)
  await requireAll(store, wanted.slice(1))
  const read = (entry: ManifestAdapter) => (entry === first ? Promise.resolve(bytes) : getAdapter(store, entry))
  if (document !== undefined) return makeZip(filesOf(wanted.slice(0, 1), read, () => '', version.createdAt))
  const folders = new Map(adapters.map((entry, index) => [entry, `${index + 1}-${entry.document ?? 'several'}`]))
  const folderOf = (entry: ManifestAdapter): string => folders.get(entry) ?? ''
  return makeZip(
    withManifest(
      describe(version, manifest, folderOf),
      filesOf(wanted, read, (entry) => `${folderOf(entry)}/`, version.createdAt),
    ),
  )
}

async function requireAll(store: ObjectStore, entries: readonly ManifestAdapter[]): Promise<void> {
  for (const { key } of entries)
    if (!(await store.has(key))) throw new AppError('adapter_unavailable', `The adapter ${key} is missing.`)
}

async function* filesOf(
  entries: readonly ManifestAdapter[],
  read: (entry: ManifestAdapter) => Promise<Uint8Array>,
  prefixOf: (entry: ManifestAdapter) => string,
  lastModified: Date,
): AsyncGenerator<InputWithSizeMeta> {
  for (const entry of entries) {
    const bytes = await read(entry)
    const prefix = prefixOf(entry)
    yield { name: `${prefix}adapter_config.json`, input: configOf(bytes, entry), lastModified }
    yield { name: `${prefix}adapter_model.safetensors`, input: bytes, lastModified }
  }
}

async function* withManifest(manifest: InputWithSizeMeta, files: AsyncGenerator<InputWithSizeMeta>) {
  yield manifest
  yield* files
}

/** How the adapters act together, for whoever loads them elsewhere. */
function describe(
  { model, number, createdAt }: Version,
  { base, adapters, router }: Manifest,
  folderOf: (entry: ManifestAdapter) => string,
): InputWithSizeMeta {
  const content = {
    ...{ model, version: number, base },
    combination: router === null ? 'sum' : 'one_per_question',
    adapters: adapters.map((entry) => ({
      ...{ folder: folderOf(entry), sha256: entry.sha256, scale: entry.scale, documents: [...documentsOf(entry)] },
    })),
  }
  return { name: 'manifest.json', input: `${JSON.stringify(content, null, 2)}\n`, lastModified: createdAt }
}

/** adapter_config.json at the version's strength; the text lies in the header of the safetensors object. */
function configOf(bytes: Uint8Array, { key, scale }: ManifestAdapter): string {
  try {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const header = new TextDecoder().decode(bytes.subarray(8, 8 + Number(view.getBigUint64(0, true))))
    const text = headerSchema.parse(JSON.parse(header)).__metadata__.adapter_config
    const config = configSchema.parse(JSON.parse(text))
    return `${JSON.stringify({ ...config, lora_alpha: config.lora_alpha * scale }, null, 2)}\n`
  } catch (cause) {
    throw new AppError('adapter_unavailable', `The adapter ${key} carries no PEFT config.`, { cause })
  }
}
