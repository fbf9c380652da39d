// TensorFlow through tfjs-node-gpu's native binding, addressed by raw tensor ids. tfjs itself knows neither bfloat16
// nor session variables; the binding under it does, and a raw id costs no JavaScript object.
import { createRequire } from 'node:module'

/** TensorFlow's DataType numbers. */
export const DTYPES = {
  float32: 1,
  int32: 3,
  uint8: 4,
  string: 7,
  int64: 9,
  bool: 10,
  bfloat16: 14,
  resource: 20,
} as const
export type Dtype = keyof typeof DTYPES

/** The kinds of op attribute the binding takes. */
export const ATTRIBUTE_KINDS = { string: 0, int: 1, float: 2, bool: 3, type: 4, shape: 5 } as const

export type HostData = Float32Array | Int32Array | Uint8Array

export interface RawTensor {
  id: number
  shape: number[]
  dtype: number
}

export interface RawAttribute {
  name: string
  type: number
  value: boolean | number | string | number[]
}

/** What the binding offers; ids are process-wide and live until deleted. */
export interface Binding {
  createTensor(shape: readonly number[], dtype: number, data: HostData): number
  deleteTensor(id: number): void
  tensorDataSync(id: number): HostData
  executeOp(name: string, attributes: RawAttribute[], inputs: number[], outputs: number): RawTensor[]
  loadSavedModel(folder: string, tags: string): number
  deleteSavedModel(id: number): void
  runSavedModel(id: number, inputs: number[], feeds: string, fetches: string): RawTensor[]
  getNumOfTensors(): number
  isUsingGpuDevice(): boolean
  TF_Version: string
}

let loaded: Binding | undefined

/** The process's binding; there is one TensorFlow in a process. The first call loads it. */
export function tensorflow(): Binding {
  return (loaded ??= load())
}

function load(): Binding {
  // TensorFlow's own notices (which instructions it uses, where it read a graph) would drown a service's log; set
  // TF_CPP_MIN_LOG_LEVEL=0 to see them. It reads the variable when the library is loaded.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2'
  const tf = createRequire(import.meta.url)('@tensorflow/tfjs-node-gpu') as { backend(): { binding: Binding } }
  return tf.backend().binding
}
