// A file as a title and a text. Bytes that are no UTF-8 are refused here, by name, since the model would learn them.
export async function readTextFile(file: File): Promise<{ title: string; text: string }> {
  if (!/\.(txt|md|markdown|text)$/i.test(file.name) && !file.type.startsWith('text/')) {
    throw new Error(`${file.name} is no plain text or Markdown.`)
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer())
    const heading = /^#{1,2}\s+(.+)$/m.exec(text)?.[1]?.trim()
    return { title: heading ?? file.name.replace(/\.\w+$/, '').replaceAll(/[-_]+/g, ' '), text }
  } catch (cause) {
    throw new Error(`${file.name} is not UTF-8 text.`, { cause })
  }
}
