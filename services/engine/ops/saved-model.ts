// Writes TensorFlow's GraphDef and SavedModel from TypeScript, with the protobuf classes that tfjs-node-gpu ships.
import { createRequire } from 'node:module'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DTYPES, tensorflow } from '../tensorflow.ts'
import type { Dtype } from '../tensorflow.ts'

interface AttrValue {
  setI(value: number): void
  setF(value: number): void
  setB(value: boolean): void
  setS(value: Uint8Array): void
  setType(value: number): void
  setShape(value: TensorShape): void
  setTensor(value: TensorProto): void
  setList(value: ListValue): void
}
interface ListValue {
  setIList(values: number[]): void
  setSList(values: Uint8Array[]): void
}
interface TensorShape {
  setUnknownRank(value: boolean): void
  setDimList(values: Dim[]): void
}
interface Dim {
  setSize(value: number): void
}
interface TensorProto {
  setDtype(value: number): void
  setTensorShape(value: TensorShape): void
  setTensorContent(value: Uint8Array): void
}
interface NodeDef {
  setName(name: string): void
  setOp(op: string): void
  setInputList(inputs: string[]): void
  getAttrMap(): { set(name: string, value: AttrValue): void }
}
interface Versions {
  setProducer(value: number): void
}
interface GraphDef {
  setNodeList(nodes: NodeDef[]): void
  setVersions(versions: Versions): void
}
interface MetaGraphDef {
  setMetaInfoDef(info: { setTagsList(tags: string[]): void }): void
  setGraphDef(graph: GraphDef): void
}
interface SavedModel {
  setSavedModelSchemaVersion(value: number): void
  setMetaGraphsList(graphs: MetaGraphDef[]): void
  serializeBinary(): Uint8Array
}
type New<T> = new () => T
interface Protos {
  AttrValue: New<AttrValue> & { ListValue: New<ListValue> }
  TensorShape: New<TensorShape> & { Dim: New<Dim> }
  Tensor: New<TensorProto>
  NodeDef: New<NodeDef>
  VersionDef: New<Versions>
  GraphDef: New<GraphDef>
  MetaGraphDef: New<MetaGraphDef> & { MetaInfoDef: New<{ setTagsList(tags: string[]): void }> }
  SavedModel: New<SavedModel>
}
const protos = createRequire(import.meta.url)('@tensorflow/tfjs-node-gpu/dist/proto/api_pb.js') as Protos

/** A graph attribute; `null` as shape means unknown rank, -1 an unknown size. */
export type GraphAttribute =
  | boolean
  | number
  | { type: Dtype }
  | { float: number }
  | { ints: readonly number[] }
  | { string: string }
  | { strings: readonly string[] }
  | { shape: readonly number[] | null }
  | { tensor: { dtype: 'float32' | 'int32'; shape: readonly number[]; values: readonly number[] } }

export interface GraphNode {
  name: string
  op: string
  attributes: Readonly<Record<string, GraphAttribute>>
  /** `node:output`, or `^node` for a control input. */
  inputs: readonly string[]
}

function shapeProto(shape: readonly number[] | null): TensorShape {
  const proto = new protos.TensorShape()
  if (!shape) proto.setUnknownRank(true)
  else
    proto.setDimList(
      shape.map((size) => {
        const dim = new protos.TensorShape.Dim()
        dim.setSize(size)
        return dim
      }),
    )
  return proto
}

function attributeProto(value: GraphAttribute): AttrValue {
  const proto = new protos.AttrValue()
  if (typeof value === 'boolean') proto.setB(value)
  else if (typeof value === 'number') proto.setI(value)
  else if ('type' in value) proto.setType(DTYPES[value.type])
  else if ('float' in value) proto.setF(value.float)
  else if ('string' in value) proto.setS(new TextEncoder().encode(value.string))
  else if ('shape' in value) proto.setShape(shapeProto(value.shape))
  else if ('ints' in value) {
    const list = new protos.AttrValue.ListValue()
    list.setIList([...value.ints])
    proto.setList(list)
  } else if ('strings' in value) {
    const list = new protos.AttrValue.ListValue()
    list.setSList(value.strings.map((text) => new TextEncoder().encode(text)))
    proto.setList(list)
  } else {
    const { dtype, shape, values } = value.tensor
    const data = dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values)
    const tensor = new protos.Tensor()
    tensor.setDtype(DTYPES[dtype])
    tensor.setTensorShape(shapeProto(shape))
    tensor.setTensorContent(new Uint8Array(data.buffer))
    proto.setTensor(tensor)
  }
  return proto
}

function nodeProto(node: GraphNode): NodeDef {
  const proto = new protos.NodeDef()
  proto.setName(node.name)
  proto.setOp(node.op)
  proto.setInputList([...node.inputs])
  const attributes = proto.getAttrMap()
  for (const [name, value] of Object.entries(node.attributes)) attributes.set(name, attributeProto(value))
  return proto
}

/** Loads a graph into a session of its own; the id goes to `runSavedModel` and `deleteSavedModel`. */
export function loadGraph(nodes: readonly GraphNode[]): number {
  const versions = new protos.VersionDef()
  versions.setProducer(1882)
  const graph = new protos.GraphDef()
  graph.setVersions(versions)
  graph.setNodeList(nodes.map(nodeProto))
  const info = new protos.MetaGraphDef.MetaInfoDef()
  info.setTagsList(['serve'])
  const meta = new protos.MetaGraphDef()
  meta.setMetaInfoDef(info)
  meta.setGraphDef(graph)
  const model = new protos.SavedModel()
  model.setSavedModelSchemaVersion(1)
  model.setMetaGraphsList([meta])
  const folder = mkdtempSync(join(tmpdir(), 'palimpsest-graph-'))
  try {
    writeFileSync(join(folder, 'saved_model.pb'), model.serializeBinary())
    return tensorflow().loadSavedModel(folder, 'serve')
  } finally {
    rmSync(folder, { recursive: true })
  }
}
