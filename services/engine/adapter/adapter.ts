// A LoRA adapter on the host: plain numbers, no tensors. It is an argument of everything that runs the model; nothing
// ever writes to the base.
import type { HostTensor } from '../base/base-source.ts'
import { linearPath, linearShape, LINEAR_NAMES } from '../base/model-config.ts'
import type { LinearName, ModelConfig } from '../base/model-config.ts'

export interface LoraConfig {
  rank: number
  /** The update is (alpha / rank) * B A. */
  alpha: number
  targets: readonly LinearName[]
}

export interface Adapter {
  config: LoraConfig
  /**
   * `model.layers.N.self_attn.q_proj.lora_A` [rank, in] and `...lora_B` [out, rank], for every layer and target
   * (PEFT's `base_model.model.` prefix and `.weight` suffix are added only on disk).
   */
  tensors: ReadonlyMap<string, HostTensor>
}

/** Names and shapes of an adapter's tensors, in a fixed order (layer, then linear, then A before B). */
export function adapterShapes(config: ModelConfig, lora: LoraConfig): Map<string, number[]> {
  const shapes = new Map<string, number[]>()
  for (let layer = 0; layer < config.layers; layer++)
    for (const name of LINEAR_NAMES) {
      if (!lora.targets.includes(name)) continue
      const [out, inner] = linearShape(config, name)
      shapes.set(`${linearPath(layer, name)}.lora_A`, [lora.rank, inner])
      shapes.set(`${linearPath(layer, name)}.lora_B`, [out, lora.rank])
    }
  return shapes
}

/** The same adapter acting `scale` times as strongly (a clipped promotion); shares its tensors. */
export function scaleAdapter(adapter: Adapter, scale: number): Adapter {
  return { ...adapter, config: { ...adapter.config, alpha: adapter.config.alpha * scale } }
}
