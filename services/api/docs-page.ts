// `/docs`: the description of the API as a page, written here from /openapi.json. Plain HTML without a script, so that it
// loads nothing from anywhere and can be read, searched and printed as any page.
import type { Context } from 'hono'
import { html, raw } from 'hono/html'
import { describe } from './openapi.ts'
import type { ApiEnv, ApiRouter } from './deps.ts'

type Markup = ReturnType<typeof html>
interface Schema {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  description?: string
}
interface Content {
  content?: Record<string, { schema?: Schema }>
  description?: string
}
interface Operation {
  summary?: string
  description?: string
  tags?: string[]
  security?: Record<string, string[]>[]
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema?: Schema }[]
  requestBody?: Content
  responses: Record<string, Content>
}

/** The page may load nothing and run nothing; only its own style counts. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

export function serveDocs(app: ApiRouter): (c: Context<ApiEnv>) => Response | Promise<Response> {
  return async (c) => {
    const page = await writePage(describe(app, new URL(c.req.url).origin) as unknown as Description)
    return c.html(page, 200, { 'Content-Security-Policy': policy, 'Cache-Control': 'no-cache' })
  }
}

interface Description {
  info: { title: string; version: string; description: string }
  tags: { name: string; description?: string }[]
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
}

function writePage({ info, tags, paths, components }: Description) {
  const calls = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  )
  const ofTag = (name: string) => calls.filter(({ operation }) => (operation.tags?.[0] ?? 'service') === name)
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${info.title} API</title>
        <style>
          ${raw(style)}
        </style>
      </head>
      <body>
        <header>
          <h1>${info.title} API</h1>
          <p>${info.description} Version ${info.version}; machines read <a href="/openapi.json">/openapi.json</a>.</p>
          <p>
            Every call but those marked <i>open</i> needs the header <code>Authorization: Bearer KEY</code>; beside it
            stands the scope that the key must have.
          </p>
          <nav aria-label="Sections">
            ${tags.map(({ name }) => html`<a href="#${name}">${name}</a> `)}<a href="#schemas">schemas</a>
          </nav>
        </header>
        <main>
          ${tags.map(
            ({ name, description = '' }) =>
              html`<section aria-labelledby="${name}">
                <h2 id="${name}">${name}</h2>
                <p>${description}</p>
                ${ofTag(name).map(({ method, path, operation }) => writeCall(method, path, operation))}
              </section>`,
          )}
          <section aria-labelledby="schemas">
            <h2 id="schemas">schemas</h2>
            ${Object.entries(components.schemas).map(
              ([name, schema]) =>
                html`<h3 id="schema-${name}">${name}</h3>
                  ${writeFields(schema)}`,
            )}
          </section>
        </main>
      </body>
    </html>`
}

function writeCall(method: string, path: string, operation: Operation): Markup {
  const { summary = '', description = '', parameters = [], requestBody, responses, security } = operation
  const scope = security?.length === 0 ? 'open' : (security?.[0]?.['key']?.[0] ?? 'key')
  return html`<details>
    <summary><b>${method}</b> <code>${path}</code> ${summary} <i>${scope}</i></summary>
    ${description === '' ? '' : html`<p>${description}</p>`}
    ${
      parameters.length === 0
        ? ''
        : html`<h4>Parameters</h4>
            <ul>
              ${parameters.map(
                (one) =>
                  html`<li>
                    <code>${one.name}</code> in ${one.in}${one.required === true ? ', required' : ''}:
                    ${typeOf(one.schema)}. ${one.description ?? ''}
                  </li>`,
              )}
            </ul>`
    }
    ${
      requestBody === undefined
        ? ''
        : html`<h4>Body</h4>
            ${writeContent(requestBody)}`
    }
    <h4>Answers</h4>
    <ul>
      ${Object.entries(responses).map(
        ([status, answer]) => html`<li><b>${status}</b> ${answer.description ?? ''} ${writeContent(answer)}</li>`,
      )}
    </ul>
  </details>`
}

function writeContent({ content = {} }: Content): Markup {
  return html`${Object.entries(content).map(
    ([type, { schema }]) => html`<span><code>${type}</code> ${typeOf(schema)}</span> ${writeFields(schema)}`,
  )}`
}

function writeFields(schema: Schema | undefined): Markup {
  if (schema?.properties === undefined) return html``
  const { required = [] } = schema
  return html`<ul>
    ${Object.entries(schema.properties).map(
      ([name, field]) =>
        html`<li>
          <code>${name}</code>${required.includes(name) ? '' : ' (may be absent)'}: ${typeOf(field)}.
          ${field.description ?? ''} ${writeFields(field.items ?? field)}
        </li>`,
    )}
  </ul>`
}

function typeOf(schema: Schema | undefined): Markup | string {
  if (schema === undefined) return 'anything'
  const name = schema.$ref?.split('/').at(-1)
  if (name !== undefined) return html`<a href="#schema-${name}">${name}</a>`
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.anyOf !== undefined)
    return html`${schema.anyOf.map((one, index) => html`${index > 0 ? ' or ' : ''}${typeOf(one)}`)}`
  if (schema.items !== undefined) return html`list of ${typeOf(schema.items)}`
  return [schema.type ?? 'anything'].flat().join(' or ')
}

const style = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
  body { max-width: 60rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere }
  nav a { margin-right: .8rem }
  details { border-top: 1px solid color-mix(in srgb, currentColor 25%, transparent); padding: .4rem 0 }
  summary { cursor: pointer }
  summary i { float: right }
  code { font: .9em ui-monospace, monospace }
  ul { padding-left: 1.2rem }
`
