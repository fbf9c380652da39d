// Whether a drawn picture is XML that a reader will take: tags nest and close, attributes are quoted, bare `<` and `&` are
// escaped. Enough for what is drawn by hand, which has no comments and no CDATA.

const TAG = /<(\/?)([A-Za-z][\w:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g
const BARE = /[<>]|&(?!(?:amp|lt|gt|quot|#\d+);)/

/** What is wrong, or null. */
export function findXmlFault(xml: string): string | null {
  const open: string[] = []
  for (const [, closing, name = '', attributes = '', alone] of xml.matchAll(TAG)) {
    if (BARE.test(attributes)) return `an unescaped sign in the attributes of ${name}`
    if (closing === '/') {
      const last = open.pop()
      if (last !== name) return `</${name}> closes ${last ?? 'nothing'}`
    } else if (alone !== '/') open.push(name)
  }
  if (open.length > 0) return `${open.join(', ')} is not closed`
  const bare = BARE.exec(xml.replace(TAG, ''))
  return bare === null ? null : `a bare ${bare[0]}`
}
