// Runs each op at once. Slow (8 us a small op) and easy to look into; everything a program made is freed when it ends,
// but for what it fetched or stored in a variable.
import { ATTRIBUTE_KINDS, DTYPES, tensorflow } from '../tensorflow.ts'
import type { Binding, Dtype, RawAttribute } from '../tensorflow.ts'
import type { Executor, ExecutorParts, HostArray } from './executor.ts'
import { adamStep } from './adam-step.ts'
import { add, matMul } from './math.ts'
import type { Attribute, Attributes, Ops, Value } from './ops.ts'

interface EagerValue extends Value {
  id: number
  shape: number[]
}

function rawAttribute(name: string, value: Attribute): RawAttribute {
  if (typeof value === 'boolean') return { name, type: ATTRIBUTE_KINDS.bool, value }
  if (typeof value === 'number') return { name, type: ATTRIBUTE_KINDS.int, value }
  if ('type' in value) return { name, type: ATTRIBUTE_KINDS.type, value: DTYPES[value.type] }
  if ('float' in value) return { name, type: ATTRIBUTE_KINDS.float, value: value.float }
  return { name, type: ATTRIBUTE_KINDS.int, value: [...value.ints] }
}

const asEager = (value: Value): EagerValue => value as EagerValue

export function createEagerExecutor(parts: ExecutorParts): Executor {
  const binding = tensorflow()
  const variables = new Map<string, EagerValue>()

  function setVariable(name: string, value: EagerValue): void {
    const old = variables.get(name)
    if (old) binding.deleteTensor(old.id)
    variables.set(name, value)
  }

  return {
    kind: 'eager',
    assign(values) {
      for (const [name, array] of Object.entries(values))
        setVariable(name, upload(binding, array, parts.variables[name]?.dtype ?? 'float32'))
    },
    fetchVariables(names) {
      return Object.fromEntries(names.map((name) => [name, download(binding, getVariable(variables, name))]))
    },
    run(programName, feeds, fetches) {
      const program = parts.programs[programName]
      if (!program) throw new Error(`no program ${programName}`)
      const scope = createScope(binding, variables, setVariable)
      try {
        const inputs = Object.entries(program.feeds).map(([name, { dtype }]) => {
          const array = feeds[name]
          if (!array) throw new Error(`${programName} needs ${name}`)
          return [name, scope.own(uploadPlain(binding, array, dtype))] as const
        })
        const fetched = program.build(scope.ops, Object.fromEntries(inputs))
        return Object.fromEntries(
          Object.entries(fetched)
            .filter(([name]) => fetches?.includes(name) ?? true)
            .map(([name, value]) => [name, download(binding, asEager(value))]),
        )
      } finally {
        scope.close()
      }
    },
    close() {
      for (const value of variables.values()) binding.deleteTensor(value.id)
      variables.clear()
    },
  }
}

function getVariable(variables: ReadonlyMap<string, EagerValue>, name: string): EagerValue {
  const value = variables.get(name)
  if (!value) throw new Error(`variable ${name} was never assigned`)
  return value
}

/** The ops of one run, and the ids it has to free. */
function createScope(
  binding: Binding,
  variables: ReadonlyMap<string, EagerValue>,
  setVariable: (name: string, value: EagerValue) => void,
) {
  const owned: number[] = []
  function own(value: EagerValue): EagerValue {
    owned.push(value.id)
    return value
  }
  function op(name: string, attributes: Attributes, inputs: readonly Value[], outputs: readonly Dtype[]): EagerValue[] {
    const raw = Object.entries(attributes).map(([key, value]) => rawAttribute(key, value))
    const ids = inputs.map((input) => asEager(input).id)
    const results = binding.executeOp(name, raw, ids, outputs.length)
    return results.map((result, index) =>
      own({ id: result.id, shape: result.shape, dtype: outputs[index] ?? 'float32' }),
    )
  }
  /** A copy under an id of its own, so that a variable outlives the run. */
  function keep(value: Value): EagerValue {
    const { dtype } = value
    const [copy] = binding.executeOp('Identity', [rawAttribute('T', { type: dtype })], [asEager(value).id], 1)
    if (!copy) throw new Error('Identity gave no output')
    return { id: copy.id, shape: copy.shape, dtype }
  }
  const ops: Ops = {
    op,
    constant(values, dtype = 'float32') {
      const list = typeof values === 'number' ? [values] : values
      const data = dtype === 'int32' ? Int32Array.from(list) : Float32Array.from(list)
      return own(uploadPlain(binding, { shape: typeof values === 'number' ? [] : [list.length], data }, dtype))
    },
    read: (variable) => getVariable(variables, variable),
    assign: (variable, value) => setVariable(variable, keep(value)),
    addTo: (variable, value) => setVariable(variable, keep(add(ops, getVariable(variables, variable), value))),
    packedMatMul: (x, weight) => matMul(ops, x, weight, { transposeB: true }),
    scatterRows(variable, rows, updates) {
      const before = getVariable(variables, variable)
      const indices = op(
        'ExpandDims',
        { T: { type: 'int32' }, Tdim: { type: 'int32' } },
        [rows, ops.constant(1, 'int32')],
        ['int32'],
      )
      const attributes = { T: { type: before.dtype }, Tindices: { type: 'int32' as const } }
      const [after] = op('TensorScatterUpdate', attributes, [before, ...indices, updates], [before.dtype])
      if (!after) throw new Error('scatter gave no output')
      setVariable(variable, keep(after))
      return after
    },
    applyAdam: (variable, gradient, scalars) => adamStep(ops, variable, gradient, scalars),
  }
  return {
    ops,
    own,
    close() {
      for (const id of owned) binding.deleteTensor(id)
    },
  }
}

function uploadPlain(binding: Binding, array: HostArray, dtype: Dtype): EagerValue {
  return { id: binding.createTensor(array.shape, DTYPES[dtype], array.data), shape: array.shape, dtype }
}

function upload(binding: Binding, array: HostArray, dtype: Dtype): EagerValue {
  if (dtype !== 'bfloat16') return uploadPlain(binding, array, dtype)
  const bytes = binding.createTensor(array.shape, DTYPES.uint8, array.data)
  const attributes = [rawAttribute('T', { type: 'uint8' }), rawAttribute('type', { type: 'bfloat16' })]
  const [value] = binding.executeOp('Bitcast', attributes, [bytes], 1)
  binding.deleteTensor(bytes)
  if (!value) throw new Error('Bitcast gave no output')
  return { id: value.id, shape: value.shape, dtype }
}

function download(binding: Binding, value: EagerValue): HostArray {
  return { shape: value.shape, data: binding.tensorDataSync(value.id) }
}
