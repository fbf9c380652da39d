// HTML as text: what a reader would read, without menus, forms and scripts; headings marked, so that a long page can be
// cut at them. Where the page says which part is its own (`main`), that part alone.
import { convert, type FormatCallback, type HtmlToTextOptions } from 'html-to-text'
import type { ExtractedText } from './extracted-text.ts'

const heading: FormatCallback = (element, walk, builder) => {
  builder.openBlock({ leadingLineBreaks: 2 })
  // Written by itself, the mark is not cut apart from its words.
  builder.addLiteral(`${'#'.repeat(Number(element.name?.slice(1)))} `)
  walk(element.children, builder)
  builder.closeBlock({ trailingLineBreaks: 2 })
}

const skipped = ['nav', 'aside', 'form', 'button', 'script', 'style', 'noscript', 'template', 'svg', 'img', 'iframe']

const options: HtmlToTextOptions = {
  wordwrap: false,
  baseElements: { selectors: ['main', 'body'], orderBy: 'selectors', returnDomByDefault: true },
  // Deeper than any page; what is nested so deep on purpose is left out.
  limits: { maxBaseElements: 1, maxDepth: 300, ellipsis: '' },
  formatters: { heading },
  selectors: [
    ...skipped.map((selector) => ({ selector, format: 'skip' })),
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, format: 'heading' })),
    { selector: 'a', options: { ignoreHref: true } },
    { selector: 'ul', options: { itemPrefix: '- ' } },
    { selector: 'table', format: 'dataTable', options: { uppercaseHeaderCells: false, maxColumnWidth: 120 } },
  ],
}

/** The title is the page's, else its first heading's. */
export function readHtml(html: string): ExtractedText {
  const text = convert(html, options).trim()
  const named = textOfFirst(html, 'title') || textOfFirst(html, 'h1')
  return { title: named === '' ? null : named, text }
}

function textOfFirst(html: string, selector: string): string {
  const found = convert(html, {
    wordwrap: false,
    baseElements: { selectors: [selector], returnDomByDefault: false },
    limits: { maxBaseElements: 1, maxDepth: 300, ellipsis: '' },
    selectors: [{ selector: 'h1', options: { uppercase: false } }],
  })
  return found.replace(/\s+/gu, ' ').trim()
}
