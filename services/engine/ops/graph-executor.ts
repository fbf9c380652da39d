// Records every program into one graph and runs each by one session call. All programs share the variables (weights,
// adapter, moments, key-value cache) because TensorFlow's variables are seen by their own session only.
import { readFileSync } from 'node:fs'
import { DTYPES, tensorflow } from '../tensorflow.ts'
import type { Dtype } from '../tensorflow.ts'
import type { Executor, ExecutorParts, HostArray, Program } from './executor.ts'
import { cast, matMul, mul, sub } from './math.ts'
import type { AdamScalars, Ops, Value } from './ops.ts'
import { packsWeights } from './packs-weights.ts'
import { loadGraph } from './saved-model.ts'
import type { GraphNode } from './saved-model.ts'

interface GraphValue extends Value {
  /** `node:output` */
  ref: string
}

interface CompiledProgram {
  /** Feed name to placeholder node. */
  feeds: Map<string, string>
  /** Fetch name to output; the last entry, `done`, runs after every effect. */
  fetches: Map<string, string>
}

const refOf = (value: Value): string => (value as GraphValue).ref

export function createGraphExecutor(parts: ExecutorParts): Executor {
  const binding = tensorflow()
  const { programs, session } = compile(parts, !binding.isUsingGpuDevice() && packsWeights(readCpuInfo()))

  function call(feeds: [node: string, array: HostArray, dtype: Dtype][], fetches: readonly string[]): HostArray[] {
    const ids = feeds.map(([, array, dtype]) => binding.createTensor(array.shape, DTYPES[dtype], array.data))
    try {
      const results = binding.runSavedModel(session, ids, feeds.map(([node]) => node).join(','), fetches.join(','))
      return results.map((result) => {
        const data = binding.tensorDataSync(result.id)
        binding.deleteTensor(result.id)
        return { shape: result.shape, data }
      })
    } finally {
      for (const id of ids) binding.deleteTensor(id)
    }
  }

  return {
    kind: 'graph',
    assign(values) {
      if (Object.keys(values).length === 0) return
      const feeds = Object.entries(values).map(([name, array]): [string, HostArray, Dtype] => {
        const dtype = parts.variables[name]?.dtype ?? 'float32'
        return [`in.${name}`, array, dtype === 'bfloat16' ? 'uint8' : dtype]
      })
      call(
        feeds,
        Object.keys(values).map((name) => `set.${name}`),
      )
    },
    fetchVariables(names) {
      const arrays = call(
        [],
        names.map((name) => `get.${name}`),
      )
      return zip(names, arrays)
    },
    run(name, feeds, fetches) {
      const program = programs.get(name)
      const specs = parts.programs[name]?.feeds
      if (!program || !specs) throw new Error(`no program ${name}`)
      const fed = [...program.feeds].map(([feed, node]): [string, HostArray, Dtype] => {
        const array = feeds[feed]
        if (!array) throw new Error(`${name} needs ${feed}`)
        return [node, array, specs[feed]?.dtype ?? 'float32']
      })
      const wanted = [...program.fetches].filter(([fetch]) => fetch === 'done' || (fetches?.includes(fetch) ?? true))
      return zip(
        wanted.map(([fetch]) => fetch),
        call(
          fed,
          wanted.map(([, output]) => output),
        ),
      )
    },
    close: () => binding.deleteSavedModel(session),
  }
}

function readCpuInfo(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8')
  } catch {
    return ''
  }
}

/** `packs`: with oneDNN's product that keeps its weights packed, where this TensorFlow has it. */
function compile(parts: ExecutorParts, packs: boolean): { programs: Map<string, CompiledProgram>; session: number } {
  const nodes: GraphNode[] = []
  for (const [name, { dtype }] of Object.entries(parts.variables)) nodes.push(...variableNodes(name, dtype))
  const programs = new Map<string, CompiledProgram>()
  for (const [name, program] of Object.entries(parts.programs))
    programs.set(name, record(nodes, name, program, parts, packs))
  try {
    return { programs, session: loadGraph(nodes) }
  } catch (error) {
    if (packs) return compile(parts, false)
    throw error
  }
}

function zip(names: readonly string[], arrays: readonly HostArray[]): Record<string, HostArray> {
  return Object.fromEntries(names.flatMap((name, index) => (arrays[index] ? [[name, arrays[index]]] : [])))
}

/** The handle of a variable, and the nodes that set and get it from outside. */
function variableNodes(name: string, dtype: Dtype): GraphNode[] {
  const fed: Dtype = dtype === 'bfloat16' ? 'uint8' : dtype
  const value = dtype === 'bfloat16' ? `cast.${name}` : `in.${name}`
  // A fed tensor lies in JavaScript's memory and must be freed on its thread; a variable's is freed by TensorFlow's, so
  // it holds a copy.
  const nodes: GraphNode[] = [
    handleNode(name, dtype),
    { name: `in.${name}`, op: 'Placeholder', attributes: { dtype: { type: fed }, shape: { shape: null } }, inputs: [] },
    {
      name: `assign.${name}`,
      op: 'AssignVariableOp',
      attributes: { dtype: { type: dtype }, validate_shape: false },
      inputs: [`var.${name}`, `copy.${name}`],
    },
    { name: `copy.${name}`, op: 'DeepCopy', attributes: { T: { type: dtype } }, inputs: [value] },
    // An assignment has no output to fetch; this stands for it.
    { name: `set.${name}`, op: 'Const', attributes: scalarConstant(0), inputs: [`^assign.${name}`] },
    { name: `get.${name}`, op: 'ReadVariableOp', attributes: { dtype: { type: dtype } }, inputs: [`var.${name}`] },
  ]
  if (dtype === 'bfloat16')
    nodes.push({
      name: `cast.${name}`,
      op: 'Bitcast',
      attributes: { T: { type: 'uint8' }, type: { type: 'bfloat16' } },
      inputs: [`in.${name}`],
    })
  return nodes
}

function handleNode(name: string, dtype: Dtype): GraphNode {
  const attributes = {
    container: { string: '' },
    shared_name: { string: name },
    dtype: { type: dtype },
    shape: { shape: null },
  }
  return { name: `var.${name}`, op: 'VarHandleOp', attributes, inputs: [] }
}

function scalarConstant(value: number) {
  return {
    dtype: { type: 'float32' as const },
    value: { tensor: { dtype: 'float32' as const, shape: [], values: [value] } },
  }
}

/** Records one program's nodes under its own prefix. */
function record(
  nodes: GraphNode[],
  prefix: string,
  program: Program,
  parts: ExecutorParts,
  packs: boolean,
): CompiledProgram {
  const feeds = new Map<string, string>()
  const inputs: Record<string, GraphValue> = {}
  for (const [name, { dtype, shape }] of Object.entries(program.feeds)) {
    const node = `${prefix}.${name}`
    nodes.push({ name: node, op: 'Placeholder', attributes: { dtype: { type: dtype }, shape: { shape } }, inputs: [] })
    feeds.set(name, node)
    inputs[name] = { ref: node, dtype }
  }
  const effects: string[] = []
  const fetched = program.build(createGraphOps(nodes, prefix, parts, packs, effects), inputs)
  const fetches = new Map(Object.entries(fetched).map(([name, value]) => [name, refOf(value)]))
  const done = `${prefix}.done`
  nodes.push({ name: done, op: 'Const', attributes: scalarConstant(0), inputs: effects.map((effect) => `^${effect}`) })
  fetches.set('done', done)
  return { feeds, fetches }
}

function createGraphOps(
  nodes: GraphNode[],
  prefix: string,
  parts: ExecutorParts,
  packs: boolean,
  effects: string[],
): Ops {
  const reads = new Map<string, GraphValue>()
  const constants = new Map<string, GraphValue>()
  let count = 0

  function push(node: Omit<GraphNode, 'name'>): string {
    const name = `${prefix}/${(count++).toString(36)}`
    nodes.push({ name, ...node })
    return name
  }
  function dtypeOf(variable: string): Dtype {
    const spec = parts.variables[variable]
    if (!spec) throw new Error(`no variable ${variable}`)
    return spec.dtype
  }
  function effect(
    op: string,
    variable: string,
    inputs: readonly string[],
    attributes: GraphNode['attributes'],
  ): string {
    const name = push({ op, attributes, inputs: [`var.${variable}`, ...inputs] })
    effects.push(name)
    return name
  }
  function readNow(variable: string, after: readonly string[]): GraphValue {
    const dtype = dtypeOf(variable)
    const inputs = [`var.${variable}`, ...after.map((name) => `^${name}`)]
    return { ref: push({ op: 'ReadVariableOp', attributes: { dtype: { type: dtype } }, inputs }), dtype }
  }
  const ops: Ops = {
    op(name, attributes, inputs, outputs) {
      const node = push({ op: name, attributes, inputs: inputs.map(refOf) })
      return outputs.map((dtype, index): GraphValue => ({ ref: index === 0 ? node : `${node}:${index}`, dtype }))
    },
    constant(values, dtype = 'float32') {
      const key = `${dtype} ${typeof values === 'number' ? '' : 'v'}${values.toString()}`
      const known = constants.get(key)
      if (known) return known
      const list = typeof values === 'number' ? [values] : values
      const tensor = { dtype, shape: typeof values === 'number' ? [] : [list.length], values: list }
      const value = {
        ref: push({ op: 'Const', attributes: { dtype: { type: dtype }, value: { tensor } }, inputs: [] }),
        dtype,
      }
      constants.set(key, value)
      return value
    },
    read(variable) {
      // Once a program: later writes of the same step must not be seen, and one read needs no copy.
      const known = reads.get(variable)
      if (known) return known
      const value = readNow(variable, [])
      reads.set(variable, value)
      return value
    },
    assign(variable, value) {
      const attributes = { dtype: { type: dtypeOf(variable) }, validate_shape: false }
      const after = reads.get(variable)
      effect('AssignVariableOp', variable, [refOf(value), ...(after ? [`^${after.ref}`] : [])], attributes)
    },
    addTo(variable, value) {
      effect('AssignAddVariableOp', variable, [refOf(value)], { dtype: { type: dtypeOf(variable) } })
    },
    packedMatMul(x, weight, outputs) {
      if (!packs || x.dtype !== 'bfloat16') return matMul(ops, x, weight, { transposeB: true })
      // The kernel packs only where it also adds a bias.
      const [bias] = ops.op('Fill', FILL, [ops.constant([outputs], 'int32'), ops.constant(0)], ['float32'])
      const inputs = [x, weight, ...(bias ? [cast(ops, bias, x.dtype)] : [])]
      const node = push({
        op: '_MklNativeFusedMatMul',
        attributes: packedAttributes(x.dtype),
        inputs: inputs.map(refOf),
      })
      return { ref: node, dtype: x.dtype } as GraphValue
    },
    scatterRows(variable, rows, updates) {
      // ResourceScatterUpdate would make every later read of the variable a copy of it.
      const dtype = dtypeOf(variable)
      const inputs = [refOf(ops.read(variable)), refOf(rows), refOf(updates)]
      const name = push({ op: 'InplaceUpdate', attributes: { T: { type: dtype } }, inputs })
      effects.push(name)
      return { ref: name, dtype } as GraphValue
    },
    applyAdam: (variable, gradient, scalars) => recordAdam(ops, effect, variable, gradient, scalars),
  }
  return ops
}

const FILL = { T: { type: 'float32' }, index_type: { type: 'int32' } } as const

function packedAttributes(dtype: Dtype): GraphNode['attributes'] {
  return {
    T: { type: dtype },
    num_args: 1,
    is_filter_const: true,
    transpose_a: false,
    transpose_b: true,
    fused_ops: { strings: ['BiasAdd'] },
    _kernel: { string: 'MklNameChangeOp' },
  }
}

function recordAdam(
  ops: Ops,
  effect: (op: string, variable: string, inputs: readonly string[], attributes: GraphNode['attributes']) => string,
  variable: string,
  gradient: Value,
  scalars: AdamScalars,
): void {
  const { learningRate, decay, beta1, beta2, epsilon, beta1Power, beta2Power } = scalars
  const kept = mul(ops, ops.read(variable), sub(ops, ops.constant(1), decay))
  // The decayed weight is written first; Adam's own step follows on it. The gradient is a control input, because the
  // forward pass still reads the old weight until the gradient is there.
  const decayed = effect('AssignVariableOp', variable, [refOf(kept), `^${refOf(gradient).split(':')[0] ?? ''}`], {
    dtype: { type: 'float32' },
    validate_shape: false,
  })
  const inputs = [`var.m.${variable}`, `var.v.${variable}`]
  const numbers = [beta1Power, beta2Power, learningRate, beta1, beta2, epsilon, gradient].map(refOf)
  effect('ResourceApplyAdam', variable, [...inputs, ...numbers, `^${decayed}`], {
    T: { type: 'float32' },
    use_locking: false,
    use_nesterov: false,
  })
}
