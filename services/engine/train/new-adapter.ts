// A fresh adapter: A uniform in +-1/sqrt(in) (PEFT's Kaiming-uniform with a = sqrt 5), B zero, so that training starts
// at the base exactly.
import { adapterShapes } from '../adapter/adapter.ts'
import type { Adapter, LoraConfig } from '../adapter/adapter.ts'
import type { HostTensor } from '../base/base-source.ts'
import type { ModelConfig } from '../base/model-config.ts'
import { createRandom } from '../random.ts'

export function newAdapter(config: ModelConfig, lora: LoraConfig, seed: number): Adapter {
  const random = createRandom(seed)
  const tensors = new Map<string, HostTensor>()
  for (const [name, shape] of adapterShapes(config, lora)) {
    const [rows = 0, columns = 0] = shape
    const data = new Float32Array(rows * columns)
    const bound = 1 / Math.sqrt(columns)
    if (name.endsWith('.lora_A')) for (let i = 0; i < data.length; i++) data[i] = (2 * random() - 1) * bound
    tensors.set(name, { shape, data })
  }
  return { config: lora, tensors }
}

/** Zeros in the adapter's shapes, as Adam's moments start. */
export function zeroTensors(config: ModelConfig, lora: LoraConfig): Adapter['tensors'] {
  return new Map(
    [...adapterShapes(config, lora)].map(([name, shape]) => [
      name,
      { shape, data: new Float32Array(shape.reduce((product, size) => product * size, 1)) },
    ]),
  )
}
