// adapter_config.json, read with suspicion: PEFT has many switches that change what the tensors mean, and an adapter
// applied with one of them overlooked is a silently different model. What we do not do is refused by its field's name.
import type { LoraConfig } from './adapter.ts'

type Json = Record<string, unknown>

/** Fields that must be absent, null, false or empty. */
const MUST_BE_EMPTY = [
  ...['use_dora', 'use_qalora', 'use_bdlora', 'lora_bias', 'fan_in_fan_out', 'alora_invocation_tokens'],
  ...['modules_to_save', 'rank_pattern', 'alpha_pattern', 'layer_replication', 'layers_to_transform'],
  ...['trainable_token_indices', 'target_parameters', 'arrow_config', 'kasa_config', 'monteclora_config'],
  ...['velora_config'],
]

/** Initialisations that leave the base as it is; the others (PiSSA, OLoRA, LoftQ and so on) write to it. */
const HARMLESS_STARTS = [true, false, 'gaussian', 'eva', 'orthogonal', undefined, null]

/** Rank and alpha of adapter_config.json's contents; rsLoRA's scale alpha / sqrt(rank) is written as alpha / rank. */
export function parsePeftConfig(text: string, source: string): Pick<LoraConfig, 'rank' | 'alpha'> {
  const json = parseObject(text, source)
  const problems = MUST_BE_EMPTY.filter((field) => !isEmpty(json[field])).map((field) => `${field} is set`)
  if (json.peft_type !== 'LORA') problems.push(`peft_type is ${JSON.stringify(json.peft_type)}, not LORA`)
  if ((json.bias ?? 'none') !== 'none') problems.push(`bias is ${JSON.stringify(json.bias)}`)
  if (!HARMLESS_STARTS.some((start) => start === json.init_lora_weights))
    problems.push(`init_lora_weights is ${JSON.stringify(json.init_lora_weights)}, which changes the base`)
  const { r: rank, lora_alpha: alpha } = json
  if (!Number.isSafeInteger(rank) || Number(rank) < 1) problems.push('r is not a positive integer')
  if (typeof alpha !== 'number' || !Number.isFinite(alpha)) problems.push('lora_alpha is not a number')
  if (problems.length > 0 || typeof rank !== 'number' || typeof alpha !== 'number')
    throw new Error(`${source} is not an adapter we can apply: ${problems.join('; ')}`)
  return { rank, alpha: json.use_rslora === true ? alpha * Math.sqrt(rank) : alpha }
}

/** The text of adapter_config.json for one of our adapters; the same adapter gives the same text. */
export function formatPeftConfig(lora: LoraConfig, baseId: string): string {
  const fields = {
    base_model_name_or_path: baseId,
    bias: 'none',
    fan_in_fan_out: false,
    inference_mode: true,
    init_lora_weights: true,
    lora_alpha: lora.alpha,
    lora_dropout: 0,
    modules_to_save: null,
    peft_type: 'LORA',
    r: lora.rank,
    target_modules: [...lora.targets].sort(),
    task_type: 'CAUSAL_LM',
    use_dora: false,
    use_rslora: false,
  }
  return `${JSON.stringify(fields, null, 2)}\n`
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return true
  return typeof value === 'object' && Object.keys(value).length === 0
}

function parseObject(text: string, source: string): Json {
  try {
    const json: unknown = JSON.parse(text)
    if (typeof json === 'object' && json !== null) return json as Json
  } catch (cause) {
    throw new Error(`${source}: adapter_config is not JSON`, { cause })
  }
  throw new Error(`${source}: adapter_config is not a JSON object`)
}
