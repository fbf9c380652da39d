// Any base, by one string: a GGUF file, a folder in Hugging Face's layout, or a Hub id. What a path means is decided
// by what lies there, so that a folder named like a Hub id still opens as the folder it is.
import { statSync } from 'node:fs'
import type { BaseSource } from './base-source.ts'
import { openFolderBase } from './folder-base.ts'
import { openGgufBase } from './gguf-base.ts'
import { fetchHubFolder, HUB_ID } from './hub-folder.ts'
import type { HubOptions } from './hub-folder.ts'

/** Opens a base. Throws, by name, for what is not found or not supported; all tensor problems come in one error. */
export async function openBase(source: string, options: HubOptions = {}): Promise<BaseSource> {
  const found = statSync(source, { throwIfNoEntry: false })
  if (found?.isFile()) return openGgufBase(source)
  if (found?.isDirectory()) return openFolderBase(source)
  if (HUB_ID.test(source) && !source.endsWith('.gguf'))
    return openFolderBase(await fetchHubFolder(source, options), source)
  throw new Error(`base ${source} is not there: neither a GGUF file, nor a folder, nor a Hub id (org/name)`)
}
