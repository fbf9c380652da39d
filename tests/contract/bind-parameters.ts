// Made-up ids find nothing: half of the requests ask for what is there. Written as Schemathesis's configuration, which
// binds a parameter of a call to a list of values.

interface Parameter {
  name: string
  in: string
  schema?: { example?: unknown }
}

interface Description {
  paths: Record<string, Record<string, { parameters?: Parameter[] }>>
}

const probability = 0.5

/** `things`: values by kind, `doc` for parameters whose example is `doc_01k3…`. */
export async function bindParameters(url: string, things: Record<string, string[]>): Promise<string> {
  const { paths } = (await (await fetch(`${url}/openapi.json`)).json()) as Description
  const lists = { ...things, version: ['0', '1'], alias: ['champion', 'stable'] }
  const dictionaries = Object.entries(lists).map(
    ([kind, values]) => `[dictionaries.${kind}]\nvalues = ${JSON.stringify(values)}\n`,
  )
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [] }]) => {
      const bindings = parameters.flatMap((parameter) => {
        const kind = kindOf(parameter)
        if (!(kind in lists)) return []
        return `"${parameter.in}.${parameter.name}" = { dictionary = "${kind}", probability = ${probability} }`
      })
      return `[[operations]]\ninclude-name = "${method.toUpperCase()} ${path}"\nparameters = { ${bindings.join(', ')} }\n`
    }),
  )
  return [...dictionaries, ...operations].join('\n')
}

/** By the prefix of its example, else by its name. */
function kindOf({ name, schema }: Parameter): string {
  const example = typeof schema?.example === 'string' ? schema.example : ''
  return /^([a-z]+)_/.exec(example)?.[1] ?? (name === 'name' ? 'model' : name)
}
