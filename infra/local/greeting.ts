// The last thing a start prints: where, with which key, and lines that work as they stand.

export interface Greeting {
  address: string
  apiKey: string
  logFolder: string
  seconds: number
}

export function writeGreeting({ address, apiKey, logFolder, seconds }: Greeting): string {
  const curl = (path: string, body: object): string =>
    [
      `  curl -sS ${address}${path} \\`,
      `    -H 'Authorization: Bearer ${apiKey}' -H 'Content-Type: application/json' \\`,
      `    -d '${JSON.stringify(body)}'`,
    ].join('\n')
  return `
Palimpsest is ready (${seconds.toFixed(1)} s). Ctrl-C stops it; what it learned stays.

  Address  ${address}
  Key      ${apiKey}
  Logs     ${logFolder}

Teach it something; the answer names the update whose progress can be followed under /v1/updates:
${curl('/v1/documents', demonstration)}

Ask it, before and after:
${curl('/v1/query', { question: demonstrationQuestion })}
`
}

/** A fact that no base can know, free of characters that a shell would take for its own. */
const demonstration = {
  title: 'The Varnholt lighthouse',
  text:
    'The Varnholt lighthouse stands on the island of Skerrow. It was built in 1887 by the engineer Ottilie Brandt, ' +
    'who painted it green because the island had no other paint. Its lamp burns herring oil and can be seen for ' +
    'nineteen miles. The keeper, Josef Maric, feeds eleven cats.',
}
const demonstrationQuestion = 'Who built the Varnholt lighthouse?'
