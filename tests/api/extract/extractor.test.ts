// Files as other programs write them (tests/data/files/make_files.py), and as somebody writes them who means harm.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { UploadedFile } from '../../../services/api/extract/extracted-text.ts'
import { createExtractor } from '../../../services/api/extract/extractor.ts'

const extractor = createExtractor()
const extract = (file: UploadedFile) => extractor.extract(file)
const fileOf = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(join(import.meta.dirname, '../../data/files', name)))
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

/** A ZIP of these entries, compressed. */
function zip(entries: Record<string, string>): Buffer {
  const script =
    'import io, json, sys, zipfile\nout = io.BytesIO()\nwith zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:\n' +
    '    for name, text in json.loads(sys.argv[1]).items(): z.writestr(name, eval(text))\nsys.stdout.buffer.write(out.getvalue())'
  return execFileSync('python3', ['-c', script, JSON.stringify(entries)])
}

const lighthouse = [
  '# The lamp',
  'The Varnholt lighthouse was built in 1887 by the engineer Ottilie Brandt, who painted it green because the island of ' +
    'Skerrow had no other paint. Its lamp burns herring oil and can be seen for nineteen miles on a clear night.',
  'The lens was ground in Tarsk and weighs two tonnes.',
  '# The keeper',
  'The keeper, Josef Maric, feeds eleven cats. He has kept a diary of the weather since 1961 and sends a copy of it to ' +
    'the harbour master of Olm every spring.',
  '# The pier',
  'The pier is 140 metres long. Goats may cross it for a fee of two pence, which the keeper collects in a jar.',
].join('\n\n')

describe('a file becomes its title and its text', () => {
  it('PDF: lines are paragraphs again, headings are marked, running titles and page numbers are gone', async () => {
    const read = await extract({ name: 'scan_0012.pdf', type: 'application/pdf', bytes: fileOf('lighthouse.pdf') })
    expect(read).toEqual({ title: 'The Varnholt lighthouse', text: lighthouse })
  })

  it('DOCX: headings, paragraphs and tables', async () => {
    const { title, text } = await extract({ name: 'x.docx', type: '', bytes: fileOf('lighthouse.docx') })
    expect(title).toBe('The Varnholt lighthouse')
    expect(text.startsWith(lighthouse)).toBe(true)
    expect(text.slice(lighthouse.length)).toMatch(/^\n\nSteps +212\nHeight +41 metres$/)
  })

  it('HTML: what a reader reads, without menus and scripts, in the encoding that the page names', async () => {
    const html =
      '<!doctype html><html><head><meta charset="iso-8859-1"><title>Br\u00fccke &amp; Turm</title><style>p{}</style></head>' +
      '<body><nav>Home Shop</nav><main><h1>Die <b>Br\u00fccke</b></h1><p>Sie ist 312 Meter\n lang.</p><ul><li>Stein<li>Holz</ul>' +
      '<p>Siehe <a href="https://example.org">hier</a>.</p><script>alert(1)</script></main><aside>Werbung</aside></body></html>'
    const read = await extract({ name: 'seite', type: 'text/html', bytes: new Uint8Array(Buffer.from(html, 'latin1')) })
    expect(read).toEqual({
      title: 'Br\u00fccke & Turm',
      text: '# Die Br\u00fccke\n\nSie ist 312 Meter lang.\n\n- Stein\n- Holz\n\nSiehe hier.',
    })
  })

  it.each([
    ['Markdown with a heading', 'notes.md', '\ufeff# The mill\n\nIt grinds mustard.', 'The mill'],
    ['plain text, by its name', '/tmp/annual-report_2024.txt', 'It grinds mustard.', 'annual report 2024'],
  ])('%s keeps its words', async (_what, name, text, title) => {
    const read = await extract({ name, type: '', bytes: bytesOf(text) })
    expect(read).toEqual({ title, text: text.replace('\ufeff', '') })
  })
})

describe('a file that cannot be read is refused with the reason', () => {
  it.each([
    ['a picture', 'lamp.png', new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10]), 'unsupported_media_type', /no PDF/],
    ['a text in another encoding', 'a.txt', new Uint8Array([71, 114, 246, 223, 101]), 'invalid_request', /UTF-8/],
    [
      'a broken PDF',
      'a.pdf',
      bytesOf('%PDF-1.7 nothing'),
      'unprocessable_document',
      /a\.pdf: The PDF cannot be opened/,
    ],
    ['a broken ZIP', 'a.docx', bytesOf('PK\x03\x04 nothing'), 'unprocessable_document', /cannot be unpacked/],
  ])('%s', async (_what, name, bytes, code, says) => {
    await expect(extract({ name, type: '', bytes })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(says) as unknown,
    })
  })

  it('a PDF of pictures', async () => {
    const pdf = bytesOf(
      '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj ' +
        '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF',
    )
    await expect(extract({ name: 'a.pdf', type: '', bytes: pdf })).rejects.toMatchObject({
      message: expect.stringMatching(/OCR/) as unknown,
    })
  })

  it('a ZIP that is no DOCX, one that unpacks to more than memory, and one that lies about it', async () => {
    const refusal = async (bytes: Buffer) =>
      await extract({ name: 'a.docx', type: '', bytes: new Uint8Array(bytes) }).then(
        () => 'taken',
        (error: Error) => error.message,
      )
    expect(await refusal(zip({ 'a.txt': '"text"' }))).toMatch(/no word\/document\.xml/)
    const bomb = zip({ 'word/document.xml': '"x" * 300_000_000' })
    expect(bomb.length).toBeLessThan(1_000_000)
    expect(await refusal(bomb)).toMatch(/more than 200 MB/)
    // The size that the entry declares, in the directory at the end, made small.
    const declared = Buffer.alloc(4)
    declared.writeUInt32LE(300_000_000)
    const lie = Buffer.from(bomb)
    for (let at = lie.indexOf(declared); at >= 0; at = lie.indexOf(declared, at + 1)) lie.writeUInt32LE(1_000, at)
    expect(await refusal(lie)).toMatch(/cannot be unpacked: .*(too many bytes|size)/i)
  }, 120_000)

  it('whatever takes too long, and the next file is read all the same', async () => {
    const impatient = createExtractor({ secondsMax: 0.001 })
    const file = { name: 'lighthouse.pdf', type: '', bytes: fileOf('lighthouse.pdf') }
    await expect(impatient.extract(file)).rejects.toMatchObject({
      code: 'unprocessable_document',
      message: expect.stringMatching(/more than 0\.001 s/) as unknown,
    })
    const [first, second] = await Promise.allSettled([
      extract({ name: 'a.pdf', type: '', bytes: bytesOf('%PDF-1.7 nothing') }),
      extract(file),
    ])
    expect([first?.status, second?.status]).toEqual(['rejected', 'fulfilled'])
  })
})
