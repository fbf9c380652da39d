// The engine as its users see it: token ids in, text and numbers out. One engine is one base in one process; every
// call takes the adapter it shall run with, so swapping adapters mutates nothing.
import type { Adapter, LoraConfig } from './adapter/adapter.ts'
import type { ModelConfig } from './base/model-config.ts'
import type { Form } from './generate/form.ts'
import type { ChatTemplate } from './tokenizer/chat-template.ts'
import type { Tokenizer } from './tokenizer/tokenizer.ts'

export interface Engine {
  readonly base: { id: string; sha256: string; config: ModelConfig }
  /** Where it computes. */
  readonly device: 'cpu' | 'gpu'
  readonly tokenizer: Tokenizer
  readonly chatTemplate: ChatTemplate
  /**
   * Answers any number of prompts (token ids); results in the order of the prompts. They join those of other calls that
   * are being answered; every other call waits for its turn.
   */
  generate(prompts: readonly (readonly number[])[], options: GenerateOptions): Promise<Generation[]>
  /** log p(answer | prompt) of given answers, in nats, without generating. */
  score(rows: readonly ScoreRow[], options?: ScoreOptions): Promise<Score[]>
  /** What base or adapter says at each token of given answers: a teacher's part of training rows. */
  teach(rows: readonly ScoreRow[], options: TeachOptions): Promise<Teaching[]>
  /** Mean KL(base || adapter) over the tokens of the rows' answers, nats a token, exact over the vocabulary. */
  divergence(rows: readonly ScoreRow[], options: { adapter: Adapter; signal?: AbortSignal }): Promise<number>
  /** Trains a new adapter (or goes on from one) on the frozen base. */
  train(examples: readonly TrainingExample[], recipe: TrainingRecipe, options?: TrainOptions): Promise<TrainingResult>
  /** Trains several new adapters at once: what training each alone gives, in less time. Results in order. */
  trainTogether(trainings: readonly Training[], options?: TrainTogetherOptions): Promise<TrainingResult[]>
  close(): void
}

/** What it takes to put a prompt, whoever then generates. */
export type PromptReader = Pick<Engine, 'base' | 'tokenizer' | 'chatTemplate'>

export interface GenerateOptions extends RowOptions {
  adapter?: Adapter | null
  tokensMax: number
  signal?: AbortSignal
  /** Called for each row as its text grows; `text` is the new piece. */
  onText?: (row: number, text: string) => void
  /** What single prompts have otherwise, in their order. */
  rows?: readonly RowOptions[]
}

/** What may differ between the prompts of one call. */
export interface RowOptions {
  tokensMax?: number
  /** 0 (the default) is greedy. */
  temperature?: number
  topK?: number
  topP?: number
  /** Same seed, prompts and options: same tokens. A row's own seed draws the same wherever the row stands. */
  seed?: number
  /** Generation of a row ends before the first of these texts. */
  stop?: readonly string[]
  /**
   * What the text must be, in ASCII. Tokens that do not fit are never drawn, the others are as likely among themselves as
   * they were. A row ends where its text is whole, and unfinished where none of the 128 likeliest tokens fits.
   */
  form?: Form
  /** Ends this row alone; the others go on. */
  signal?: AbortSignal
  /** How many of the likeliest tokens `onPiece` shows beside each drawn one, at most 128. */
  alternatives?: number
  /** Called as the row's text grows, with the tokens that the piece is made of. */
  onPiece?: (text: string, tokens: readonly DrawnToken[]) => void
}

export interface DrawnToken {
  id: number
  /** Under the unscaled distribution, nats. */
  logprob: number
  /** The likeliest at this place, likeliest first. */
  alternatives: readonly { id: number; logprob: number }[]
}

export interface Generation {
  text: string
  tokens: number[]
  /** log-probability of each token under the unscaled distribution, nats. */
  logprobs: number[]
  finish: 'stop' | 'length' | 'cancelled'
}

export interface ScoreRow {
  prompt: readonly number[]
  answer: readonly number[]
}

export interface ScoreOptions {
  adapter?: Adapter | null
  signal?: AbortSignal
}

export interface Score {
  /** Sum over the answer's tokens, nats. */
  logprob: number
  tokens: number
}

export interface TeachOptions {
  /** Next tokens kept at each position; 16 to 32 hold nearly all of the mass. */
  k: number
  /** The teacher's logits are divided by it; 1 (the default) leaves them. */
  temperature?: number
  adapter?: Adapter | null
  signal?: AbortSignal
}

/** A teacher's next-token distributions at the labels of a training row, cut to the k likeliest. */
export interface SoftTargets {
  k: number
  temperature: number
  /** Likeliest first, k for each label, label after label. */
  tokens: Int32Array
  /** Their probabilities at the temperature; what a label's k leave of 1 is its tail, one more outcome to match. */
  probabilities: Float32Array
}

export interface Teaching extends SoftTargets {
  /** log p of each of the answer's tokens under the teacher at temperature 1, nats. */
  logprobs: Float32Array
}

export interface TrainingExample {
  tokens: readonly number[]
  /** The loss is taken on tokens[lossFrom..]; everything before is context. */
  lossFrom: number
  /** For each of tokens[lossFrom..]. All examples of a training have the same k. */
  teacher?: SoftTargets
  /** Cross-entropy alone by default. */
  objective?: ObjectiveWeights
}

/** The loss of a row is the sum of these times its terms; both are means over the label tokens of a step. */
export interface ObjectiveWeights {
  crossEntropy: number
  /** Of T^2 KL(teacher || student), T the teacher's temperature; needs a teacher. */
  distillation: number
}

export interface TrainingRecipe {
  lora: LoraConfig
  epochs: number
  learningRate: number
  schedule: 'constant' | 'linear' | 'cosine'
  warmupSteps: number
  weightDecay: number
  /** Gradients are clipped to this global norm; 0 turns clipping off. */
  clipNorm: number
  /** Rows of one optimiser step; rows of like length stand together. */
  rowsPerStep: number
  /** Rows are run in micro-batches of at most this many tokens (padding included); gradients accumulate. */
  tokensPerBatch: number
  seed: number
}

export interface TrainOptions {
  /** Train on the base with these merged into it; when it is over the base is bit for bit what it was. */
  on?: readonly Adapter[]
  /** Go on from this adapter instead of a fresh one (A random, B zero). */
  from?: Adapter
  onStep?: (step: TrainingStep) => void
  signal?: AbortSignal
  /** Everything needed to go on after a crash, handed out every `checkpointSteps` steps. */
  onCheckpoint?: (checkpoint: TrainingCheckpoint) => Promise<void>
  checkpointSteps?: number
  resume?: TrainingCheckpoint
}

/** One of several trainings that run at once. Their adapters have the same shape; everything else may differ. */
export interface Training {
  examples: readonly TrainingExample[]
  recipe: TrainingRecipe
  /** Go on from this adapter instead of a fresh one. */
  from?: Adapter
}

export interface TrainTogetherOptions {
  signal?: AbortSignal
  /** After each step of the longest of them. */
  onStep?: (progress: { step: number; steps: number }) => void
}

export interface TrainingStep {
  step: number
  steps: number
  /** Mean loss of the step's label tokens, nats; with a teacher the objective's weighted sum. */
  loss: number
  gradientNorm: number
  tokens: number
}

export interface TrainingCheckpoint {
  step: number
  adapter: Adapter
  /** Adam's first and second moments, named as the adapter's tensors. */
  firstMoment: Adapter['tensors']
  secondMoment: Adapter['tensors']
}

export interface TrainingResult {
  adapter: Adapter
  losses: number[]
  /** Tokens run through the model, padding left out, summed over epochs. */
  trainedTokens: number
  steps: number
}

/** The engine can run nothing any more; a new process is needed. */
export class EngineBroken extends Error {}
