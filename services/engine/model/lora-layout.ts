// Where each linear layer's A and B stand in the few stacked variables that hold an adapter in TensorFlow, and the way
// there and back. Linears that share an input share one A (rows one under another); a linear that the adapter does not
// target takes no rows, so any subset costs only what it uses.
import type { Adapter, LoraConfig } from '../adapter/adapter.ts'
import { linearPath, linearShape } from '../base/model-config.ts'
import type { LinearName, ModelConfig } from '../base/model-config.ts'
import type { FloatArray, HostArray } from '../ops/executor.ts'

export interface LinearGroup {
  name: string
  /** The base's variables (without layer), one an output. */
  weights: readonly string[]
  /** The linears in each output, stacked along the output axis. */
  members: readonly (readonly LinearName[])[]
}

export const GROUPS = {
  qkv: { name: 'qkv', weights: ['qkv'], members: [['q_proj', 'k_proj', 'v_proj']] },
  o: { name: 'o', weights: ['o'], members: [['o_proj']] },
  mlp: { name: 'mlp', weights: ['gate', 'up'], members: [['gate_proj'], ['up_proj']] },
  down: { name: 'down', weights: ['down'], members: [['down_proj']] },
} as const satisfies Record<string, LinearGroup>
const groups: readonly LinearGroup[] = Object.values(GROUPS)

/** The variables of a group: one A, a B for each output, and a mask for each B that has foreign columns. */
export function lorasOf(group: LinearGroup): { a: string; b: string[]; masks: (string | undefined)[] } {
  const shared = group.members.flat().length > 1
  return {
    a: `a.${group.name}`,
    b: group.weights.map((weight) => `b.${weight}`),
    masks: group.weights.map((weight) => (shared ? `mask.${weight}` : undefined)),
  }
}

/** Names of the trained variables, in a fixed order. */
export const LORA_VARIABLES: readonly string[] = groups.flatMap((group) => [lorasOf(group).a, ...lorasOf(group).b])
/** The variable that holds a variable of several adapters which train at once, [layers, adapters, ...]. */
export const severalName = (variable: string): string => `several.${variable}`
/** The variable, in the base's dtype, that holds a variable of adapters which generate side by side. */
export const besideName = (variable: string): string => `beside.${variable}`
/** Names of what an adapter needs beside them. */
export const LORA_CONSTANTS: readonly string[] = [
  'scale',
  ...groups.flatMap((group) => lorasOf(group).masks.flatMap((mask) => mask ?? [])),
]

interface Place {
  linear: LinearName
  /** Columns of the group's hidden vector that belong to this linear. */
  column: number
  /** Index of the output and first row within it. */
  output: number
  row: number
}

function placesOf(config: ModelConfig, lora: LoraConfig, group: LinearGroup): { places: Place[]; columns: number } {
  const places: Place[] = []
  let column = 0
  group.members.forEach((members, output) => {
    let row = 0
    for (const linear of members) {
      if (lora.targets.includes(linear)) {
        places.push({ linear, column, output, row })
        column += lora.rank
      }
      row += linearShape(config, linear)[0]
    }
  })
  return { places, columns: column }
}

/** Rows of the matrix that these linears are stacked in. */
export function outputSize(config: ModelConfig, members: readonly LinearName[]): number {
  return members.reduce((size, linear) => size + linearShape(config, linear)[0], 0)
}

const zeros = (shape: number[]): FloatArray => ({
  shape,
  data: new Float32Array(shape.reduce((product, size) => product * size, 1)),
})

/** An adapter (or its moments) as the variables' values, without masks and scale. */
export function packTensors(
  config: ModelConfig,
  lora: LoraConfig,
  tensors: Adapter['tensors'],
): Record<string, FloatArray> {
  const packed: Record<string, FloatArray> = {}
  for (const group of groups) {
    const { places, columns } = placesOf(config, lora, group)
    const { a: aName, b: bNames } = lorasOf(group)
    const inputSize = linearShape(config, group.members.flat()[0] ?? 'q_proj')[1]
    const a = zeros([config.layers, columns, inputSize])
    const bs = group.members.map((members) => zeros([config.layers, outputSize(config, members), columns]))
    for (const place of places)
      for (let layer = 0; layer < config.layers; layer++) {
        const path = linearPath(layer, place.linear)
        a.data.set(tensorOf(tensors, `${path}.lora_A`), (layer * columns + place.column) * inputSize)
        const b = bs[place.output]
        if (b) copyColumns(tensorOf(tensors, `${path}.lora_B`), lora.rank, b, layer, place)
      }
    packed[aName] = a
    bNames.forEach((name, index) => {
      const b = bs[index]
      if (b) packed[name] = b
    })
  }
  return packed
}

/** Values of `scale` and the masks for an adapter of this config. */
export function packConstants(config: ModelConfig, lora: LoraConfig): Record<string, HostArray> {
  const packed: Record<string, HostArray> = {
    scale: { shape: [], data: Float32Array.of(lora.rank > 0 ? lora.alpha / lora.rank : 0) },
  }
  for (const group of groups) {
    const { places, columns } = placesOf(config, lora, group)
    lorasOf(group).masks.forEach((name, output) => {
      if (!name) return
      const rows = outputSize(config, group.members[output] ?? [])
      const mask = zeros([rows, columns])
      for (const place of places.filter((candidate) => candidate.output === output))
        for (let row = 0; row < linearShape(config, place.linear)[0]; row++) {
          const start = (place.row + row) * columns + place.column
          mask.data.fill(1, start, start + lora.rank)
        }
      packed[name] = mask
    })
  }
  return packed
}

/**
 * Of each group, [rows, columns]: what the hidden vectors of rows are multiplied with while these adapters stand side by side
 * as one of the config `together`. A row has its adapter's scale in that one's columns and 0 in the others'.
 */
export function packScales(
  config: ModelConfig,
  together: LoraConfig,
  adapters: readonly Adapter[],
  rows: readonly (Adapter | null)[],
): Record<string, HostArray> {
  const before = (adapter: Adapter) =>
    adapters.slice(0, adapters.indexOf(adapter)).reduce((sum, other) => sum + other.config.rank, 0)
  const packed = groups.map((group): [string, HostArray] => {
    const { places, columns } = placesOf(config, together, group)
    const scales = zeros([rows.length, columns])
    rows.forEach((adapter, row) => {
      if (!adapter) return
      const { rank, alpha } = adapter.config
      const first = row * columns + before(adapter)
      for (const { column } of places) scales.data.fill(alpha / rank, first + column, first + column + rank)
    })
    return [`scales.${group.name}`, scales]
  })
  return Object.fromEntries(packed)
}

/** The way back: variables' values to tensors by name. */
export function unpackTensors(
  config: ModelConfig,
  lora: LoraConfig,
  variables: Readonly<Record<string, HostArray>>,
): Adapter['tensors'] {
  const tensors = new Map<string, { shape: number[]; data: Float32Array }>()
  for (let layer = 0; layer < config.layers; layer++)
    for (const group of groups) {
      const { places, columns } = placesOf(config, lora, group)
      const { a: aName, b: bNames } = lorasOf(group)
      for (const place of places) {
        const [outputs, inputs] = linearShape(config, place.linear)
        const a = floats(variables[aName])
        const b = floats(variables[bNames[place.output] ?? ''])
        const start = (layer * columns + place.column) * inputs
        const path = linearPath(layer, place.linear)
        tensors.set(`${path}.lora_A`, { shape: [lora.rank, inputs], data: a.slice(start, start + lora.rank * inputs) })
        const rowsBefore = layer * outputSize(config, group.members[place.output] ?? []) + place.row
        const out = new Float32Array(outputs * lora.rank)
        for (let row = 0; row < outputs; row++)
          for (let column = 0; column < lora.rank; column++)
            out[row * lora.rank + column] = b[(rowsBefore + row) * columns + place.column + column] ?? 0
        tensors.set(`${path}.lora_B`, { shape: [outputs, lora.rank], data: out })
      }
    }
  return tensors
}

/** The variables of several adapters as those that they train in at once: [layers, ...] to [layers, adapters, ...]. */
export function stackAdapters(
  config: ModelConfig,
  packed: readonly Record<string, HostArray>[],
): Record<string, HostArray> {
  const stacked = LORA_VARIABLES.map((name): [string, HostArray] => {
    const [layers = 0, ...rest] = packed[0]?.[name]?.shape ?? []
    const array = zeros([layers, packed.length, ...rest])
    const size = array.data.length / Math.max(1, config.layers * packed.length)
    packed.forEach((variables, adapter) => {
      const data = floats(variables[name])
      for (let layer = 0; layer < layers; layer++)
        array.data.set(data.subarray(layer * size, (layer + 1) * size), (layer * packed.length + adapter) * size)
    })
    return [severalName(name), array]
  })
  return Object.fromEntries(stacked)
}

/** The way back, one set of variables for each of `count` adapters. */
export function unstackAdapters(
  config: ModelConfig,
  stacked: Readonly<Record<string, HostArray>>,
  count: number,
): Record<string, HostArray>[] {
  return Array.from({ length: count }, (_, adapter) =>
    Object.fromEntries(
      LORA_VARIABLES.map((name): [string, HostArray] => {
        const source = stacked[severalName(name)]
        const [layers = 0, , ...rest] = source?.shape ?? []
        const array = zeros([layers, ...rest])
        const data = floats(source)
        const size = array.data.length / Math.max(1, config.layers)
        for (let layer = 0; layer < layers; layer++) {
          const start = (layer * count + adapter) * size
          array.data.set(data.subarray(start, start + size), layer * size)
        }
        return [name, array]
      }),
    ),
  )
}

function copyColumns(source: Float32Array, rank: number, target: HostArray, layer: number, place: Place): void {
  const [, rows = 0, columns = 0] = target.shape
  for (let row = 0; row * rank < source.length; row++)
    target.data.set(
      source.subarray(row * rank, (row + 1) * rank),
      (layer * rows + place.row + row) * columns + place.column,
    )
}

function tensorOf(tensors: Adapter['tensors'], name: string): Float32Array {
  const tensor = tensors.get(name)
  if (!tensor) throw new Error(`the adapter has no ${name}`)
  return tensor.data
}

function floats(array: HostArray | undefined): Float32Array {
  if (!(array?.data instanceof Float32Array)) throw new Error('adapter variables are float32')
  return array.data
}
