// A base from the Hugging Face Hub, fetched once into the download cache and from then on read as a folder. Only the
// files a base consists of are taken. Each is checked against the size and SHA-256 the Hub states for it and put in
// place by a rename, so an interrupted download goes on with the next file and never leaves a half one.
import { createHash } from 'node:crypto'
import { createWriteStream, existsSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { downloadFile, listFiles } from '@huggingface/hub'
import type { ListFileEntry } from '@huggingface/hub'

export interface HubOptions {
  /** Where downloads are kept; by default PALIMPSEST_CACHE, else `palimpsest` in XDG_CACHE_HOME or ~/.cache. */
  cacheFolder?: string
  /** By default HF_ENDPOINT, else the public Hub. A token for gated models is read from HF_TOKEN. */
  hubUrl?: string
  onDownload?: (file: string, bytesDone: number, bytesTotal: number) => void
}

/** `org/name` or `org/name@revision`. */
export const HUB_ID = /^[\w.-]+\/[\w.-]+(@[\w./-]+)?$/

const BASE_FILES =
  /^(config|tokenizer|tokenizer_config|generation_config|model\.safetensors\.index)\.json$|^chat_template\.jinja$|^model(-\d+-of-\d+)?\.safetensors$/

/** Written last: the folder is complete and needs no network. */
const COMPLETE = '.complete'

/** Local folder of a Hub base, downloaded where it is not there yet. Throws a plain sentence when that fails. */
export async function fetchHubFolder(id: string, options: HubOptions = {}): Promise<string> {
  const folder = join(options.cacheFolder ?? defaultCacheFolder(), 'hub', id.replace('/', '--').replaceAll('/', '_'))
  if (existsSync(join(folder, COMPLETE))) return folder
  const [repo = id, revision = 'main'] = id.split('@')
  const token = process.env.HF_TOKEN
  const hubUrl = options.hubUrl ?? process.env.HF_ENDPOINT
  const place: Place = { repo, revision, ...(hubUrl ? { hubUrl } : {}), ...(token ? { accessToken: token } : {}) }
  try {
    const files: ListFileEntry[] = []
    for await (const file of listFiles(place)) if (BASE_FILES.test(file.path)) files.push(file)
    if (!files.some((file) => file.path.endsWith('.safetensors')))
      throw new Error('the repository holds no safetensors weights')
    mkdirSync(folder, { recursive: true })
    for (const file of files) await fetchFile(place, file, folder, options)
    writeFileSync(join(folder, COMPLETE), JSON.stringify(files.map(({ path, size, oid }) => ({ path, size, oid }))))
    return folder
  } catch (cause) {
    const way = `a GGUF file or a folder works without a network`
    throw new Error(`cannot fetch base ${id} from the Hugging Face Hub: ${reasonOf(cause)}; ${way}`, { cause })
  }
}

function defaultCacheFolder(): string {
  const { PALIMPSEST_CACHE, XDG_CACHE_HOME } = process.env
  return PALIMPSEST_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'palimpsest')
}

interface Place {
  repo: string
  revision: string
  hubUrl?: string
  accessToken?: string
}

async function fetchFile(place: Place, file: ListFileEntry, folder: string, options: HubOptions): Promise<void> {
  const target = join(folder, file.path)
  if (statSync(target, { throwIfNoEntry: false })?.size === file.size) return
  const blob = await downloadFile({ ...place, path: file.path })
  if (!blob) throw new Error(`${file.path} is listed but cannot be downloaded`)
  const hash = createHash('sha256')
  let done = 0
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      hash.update(chunk)
      done += chunk.length
      options.onDownload?.(file.path, done, file.size)
      next(null, chunk)
    },
  })
  const body = Readable.fromWeb(blob.stream())
  await pipeline(body, meter, createWriteStream(`${target}.part`))
  if (done !== file.size) throw new Error(`${file.path} has ${done} bytes, the Hub says ${file.size}`)
  // Small files are not in large-file storage and have no SHA-256 of their content.
  if (file.lfs && hash.digest('hex') !== file.lfs.oid) throw new Error(`${file.path} does not match its SHA-256`)
  renameSync(`${target}.part`, target)
}

/** fetch hides what went wrong ("fetch failed") in the error's cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message} (${reasonOf(error.cause)})` : error.message
}
