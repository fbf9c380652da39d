// Files that were chosen and not given yet.
import { fileNames, filesMax, uploadBytesMax } from '../wire/give-documents.ts'
import { bytes } from './format.ts'

export function FileList({ files, onRemove }: { files: readonly File[]; onRemove: (file: File) => void }) {
  return (
    <ul class="file-list" aria-label="Files to give">
      {files.map((file) => (
        <li key={`${file.name} ${file.size}`}>
          <span class="file-name">{file.name}</span>
          <span class="note number">{bytes(file.size)}</span>
          <button type="button" aria-label={`Leave out ${file.name}`} onClick={() => onRemove(file)}>
            ×
          </button>
        </li>
      ))}
    </ul>
  )
}

/**
 * Throws with the name of a file that the service could not read, and where they become too many. A file past the limit has
 * to go into the bucket from elsewhere: the page may ask no other host.
 */
export function addFiles(files: readonly File[], added: readonly File[]): readonly File[] {
  const strange = added.find(({ name }) => !fileNames.some((ending) => name.toLowerCase().endsWith(ending)))
  if (strange !== undefined) throw new Error(`${strange.name} is no PDF, DOCX, HTML, Markdown or text file.`)
  const fresh = added.filter(({ name, size }) => !files.some((file) => file.name === name && file.size === size))
  const all = [...files, ...fresh]
  if (all.length > filesMax) throw new Error(`At most ${filesMax} files at a time.`)
  const large = fresh.find(({ size }) => size > uploadBytesMax)
  if (large !== undefined)
    throw new Error(
      `${large.name} has ${bytes(large.size)}, this page sends ${bytes(uploadBytesMax)} at most: split it, or send it by ` +
        'POST /v1/uploads, which takes 64 MB where the service keeps objects in S3.',
    )
  if (sizeOf(all) > uploadBytesMax)
    throw new Error(`Together they have ${bytes(sizeOf(all))}: give at most ${bytes(uploadBytesMax)} at a time.`)
  return all
}

/** Together, in bytes. */
export function sizeOf(files: readonly File[]): number {
  return files.reduce((sum, { size }) => sum + size, 0)
}
