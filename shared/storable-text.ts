/**
 * Text as Postgres can keep it: NUL characters and unpaired surrogates, which a language model may well produce, become
 * U+FFFD. What callers send is refused instead (documents/validate-text.ts).
 */
export function storableText(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8').replaceAll('\0', '\uFFFD')
}
