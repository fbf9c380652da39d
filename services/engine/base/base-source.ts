// A base model on disk, before any of it is in TensorFlow: where it came from, its shape, its tensors by Hugging
// Face's names (read one at a time, so that loading never holds two copies of a large base), and its tokenizer.
import type { ChatTemplate } from '../tokenizer/chat-template.ts'
import type { Tokenizer } from '../tokenizer/tokenizer.ts'
import type { ModelConfig } from './model-config.ts'

export interface HostTensor {
  shape: number[]
  /** Row-major, dequantised. */
  data: Float32Array
}

export interface BaseSource {
  /** Short human name, e.g. `SmolLM2-135M-Instruct.Q4_1`. */
  id: string
  /** Hash of the weights file (of the sorted shard hashes for a folder), hex. */
  sha256: string
  config: ModelConfig
  tokenizer: Tokenizer
  chatTemplate: ChatTemplate
  tensorNames: readonly string[]
  shapeOf(name: string): readonly number[] | undefined
  /**
   * The texts beside the weights in a folder of Hugging Face's layout, by file name: the folder's own, or made from the
   * metadata of a GGUF file.
   */
  configFiles(): ReadonlyMap<string, string>
  /** Reads and dequantises one tensor; linears are [out, in] in Hugging Face's layout (rope rows un-permuted). */
  read(name: string): HostTensor
  close(): void
}
