// Every call of /openapi.json, with something of one's choice in place of its parameters and in its body: for tests that
// must hold for all routes, those to come included.
import type { TestApi } from './api.ts'

interface Parameter {
  name: string
  in: string
  required?: boolean
  example?: unknown
  schema?: { example?: unknown }
}
type Schema = { $ref?: string; type?: string | string[]; required?: string[]; properties?: Record<string, Schema> } & {
  enum?: unknown[]
  anyOf?: Schema[]
  const?: unknown
}
interface Operation {
  security?: Record<string, string[]>[]
  parameters?: Parameter[]
  requestBody?: { content: Record<string, { schema: Schema }> }
  responses: Record<string, unknown>
}
interface Description {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
}

/** What stands in for a model's name and for the id of a thing, by the prefix of its id. */
export interface Stand {
  model: string
  things: Partial<Record<string, string>>
}

export interface RouteCall {
  method: string
  /** As the description has it. */
  route: string
  path: string
  body: string | undefined
  contentType: string | undefined
  /** Whether the path names a thing. */
  named: boolean
  open: boolean
  operation: Operation
}

export async function readDescription(api: TestApi): Promise<Description> {
  return (await (await api.raw('/openapi.json')).json()) as Description
}

/** Throws for a parameter that it has no value for: say below what belongs there. */
export function listRouteCalls(description: Description, stand: Stand): RouteCall[] {
  return Object.entries(description.paths).flatMap(([route, operations]) =>
    Object.entries(operations).map(([method, operation]) => {
      const parameters = operation.parameters ?? []
      const path = route.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
        const parameter = parameters.find((one) => one.in === 'path' && one.name === name)
        return encodeURIComponent(valueOf(parameter, name, stand, `${method} ${route}`))
      })
      const byModel = parameters.some((one) => one.in === 'query' && one.name === 'model')
      const [contentType, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? []
      return {
        method: method.toUpperCase(),
        route,
        path: byModel ? `${path}?model=${stand.model}` : path,
        body: content === undefined ? undefined : bodyOf(contentType ?? '', content.schema, description, stand),
        contentType,
        named: route.includes('{'),
        open: operation.security?.length === 0,
        operation,
      }
    }),
  )
}

const values: Record<string, string> = { version: '1', alias: 'champion' }

function valueOf(parameter: Parameter | undefined, name: string, stand: Stand, call: string): string {
  const example = parameter?.example ?? parameter?.schema?.example
  const prefix = typeof example === 'string' ? /^([a-z]+)[_-]/.exec(example)?.[1] : undefined
  const value =
    (name === 'name' || name === 'model' ? stand.model : undefined) ??
    (prefix === undefined ? undefined : stand.things[prefix]) ??
    values[name]
  if (value === undefined) throw new Error(`${call}: no value for {${name}}, whose example is ${String(example)}`)
  return value
}

function bodyOf(contentType: string, schema: Schema, description: Description, stand: Stand): string {
  return /json/.test(contentType) ? JSON.stringify(fill(schema, '', description, stand)) : 'The tower leans.'
}

/** What is required, and the model wherever there may be one. */
function fill(schema: Schema, key: string, description: Description, stand: Stand): unknown {
  const name = schema.$ref?.split('/').at(-1)
  const target = name === undefined ? schema : (description.components.schemas[name] ?? schema)
  const { properties, required = [], type, anyOf } = target
  if (key === 'model') return stand.model
  if (anyOf?.[0] !== undefined) return fill(anyOf[0], key, description, stand)
  if (target.enum !== undefined) return target.enum[0]
  if (target.const !== undefined) return target.const
  if (properties !== undefined) {
    const some = Object.entries(properties).filter(([each]) => required.includes(each) || each === 'model')
    return Object.fromEntries(some.map(([each, inner]) => [each, fill(inner, each, description, stand)]))
  }
  const kind = Array.isArray(type) ? type[0] : type
  if (kind === 'array') return []
  if (kind === 'integer' || kind === 'number') return 1
  if (kind === 'boolean') return false
  if (key === 'url') return 'https://hooks.example.com/new'
  return key === 'text' ? 'The tower of Tarsk was built by Orla Venn.' : 'something'
}
