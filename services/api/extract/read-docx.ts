// DOCX as text, by way of HTML. A DOCX is a ZIP, and a small ZIP can unpack to any size: it is unpacked once before, by a
// reader that holds every entry to the size it declares and the sum of them to a limit.
import mammoth from 'mammoth'
import { fromBuffer, type Entry, type ZipFile } from 'yauzl'
import { unreadable, type ExtractedText } from './extracted-text.ts'
import { readHtml } from './read-html.ts'

/** Of all entries together; pictures count too. */
const unpackedBytesMax = 200 * 1024 * 1024
const propertiesEntry = 'docProps/core.xml'
const textEntry = 'word/document.xml'

/** Throws `unprocessable_document`. The title is the document's property, else its first heading's. */
export async function readDocx(bytes: Uint8Array): Promise<ExtractedText> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const properties = await checkArchive(buffer)
  const html = await mammoth.convertToHtml(
    { buffer },
    {
      styleMap: ["p[style-name='Title'] => h1:fresh"],
      convertImage: mammoth.images.imgElement(() => Promise.resolve({ src: '' })),
      // What a document refers to outside itself is not fetched.
      externalFileAccess: false,
    },
  )
  const read = readHtml(`<body>${html.value}</body>`)
  const named = /<dc:title[^>]*>([^<]*)<\/dc:title>/u.exec(properties)?.[1] ?? ''
  const title = readHtml(`<title>${named}</title>`).title
  return { title: title ?? read.title, text: read.text }
}

/** The text of the properties; empty without any. */
async function checkArchive(buffer: Buffer): Promise<string> {
  let properties = ''
  let unpacked = 0
  let hasText = false
  const archive = await open(buffer)
  try {
    for await (const entry of entriesOf(archive)) {
      unpacked += entry.uncompressedSize
      if (unpacked > unpackedBytesMax) throw unreadable('The DOCX unpacks to more than 200 MB.')
      const content = await readEntry(archive, entry, entry.fileName === propertiesEntry)
      if (entry.fileName === propertiesEntry) properties = content
      hasText ||= entry.fileName === textEntry
    }
  } finally {
    archive.close()
  }
  if (!hasText) throw unreadable('The file is a ZIP archive, but no DOCX: it holds no word/document.xml.')
  return properties
}

function open(buffer: Buffer): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    fromBuffer(buffer, { lazyEntries: true, validateEntrySizes: true }, (error, archive) => {
      if (error) reject(unreadable(`The DOCX cannot be unpacked: ${whyOf(error)}.`, error))
      else resolve(archive)
    })
  })
}

async function* entriesOf(archive: ZipFile): AsyncGenerator<Entry> {
  for (;;) {
    const entry = await new Promise<Entry | null>((resolve, reject) => {
      archive.once('entry', resolve)
      archive.once('end', () => resolve(null))
      archive.once('error', (error: Error) =>
        reject(unreadable(`The DOCX cannot be unpacked: ${whyOf(error)}.`, error)),
      )
      archive.readEntry()
    })
    archive.removeAllListeners()
    if (entry === null) return
    yield entry
  }
}

/** Unpacks an entry to its end, which fails where it is not as long as declared; gives its text back if asked. */
async function readEntry(archive: ZipFile, entry: Entry, keep: boolean): Promise<string> {
  const chunks: Buffer[] = []
  try {
    const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) =>
      archive.openReadStream(entry, (error, opened) => (error ? reject(error) : resolve(opened))),
    )
    for await (const chunk of stream) if (keep) chunks.push(chunk as Buffer)
  } catch (cause) {
    throw unreadable(`The DOCX cannot be unpacked: ${whyOf(cause)}.`, cause)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function whyOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/\.$/u, '') : 'it is damaged'
}
