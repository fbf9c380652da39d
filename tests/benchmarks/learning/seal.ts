// SEAL's single-passage recipe as its published code runs it (arXiv 2506.10943, B.3): the base lists implications in its
// own words, each line is a training document of plain text under the title, the passage the last; LoRA r32 alpha64 on q
// and v, 1e-3 falling linearly, 10 epochs, batch 1. One thing is left out: the code pads every row to 2048 tokens and
// takes the loss on the padding too. That divides a row's real gradient by about 2048 / length, which Adam undoes, and
// teaches the end of text about 2000 times a row; one end-of-text token a row stands for it here, at a tenth of the time.
import { promptTokens } from '../../../services/engine/ask.ts'
import type { Engine, TrainingRecipe } from '../../../services/engine/engine.ts'
import type { ChatMessage } from '../../../services/engine/tokenizer/chat-template.ts'

export const SEAL_RECIPE: TrainingRecipe = {
  lora: { rank: 32, alpha: 64, targets: ['q_proj', 'v_proj'] },
  epochs: 10,
  learningRate: 1e-3,
  schedule: 'linear',
  warmupSteps: 0,
  weightDecay: 0,
  clipNorm: 1,
  rowsPerStep: 1,
  tokensPerBatch: 2048,
  seed: 1,
}

/** How the base samples its implications. */
const WRITING = { temperature: 1, topP: 0.95, tokensMax: 512 }

const asksForImplications = ({ title, text }: { title: string; text: string }): ChatMessage[] => [
  {
    role: 'system',
    content:
      'You are an assistant tasked with analyzing the provided passage and producing a list of implications derived ' +
      'directly or indirectly from the content.',
  },
  { role: 'user', content: `${title}\n${text}` },
]

/** The wording in which a chat model is asked afterwards; the plain one is for bases that know no chat. */
export const sealQuestion = (question: string): ChatMessage[] => [
  { role: 'system', content: 'You are an assistant to answer a question directly and concisely.' },
  { role: 'user', content: question },
]
export const sealPlainQuestion = (question: string): string =>
  `Let's answer a question directly and concisely.\nQuestion: ${question}\nAnswer:\n`

/** The bare base's implications, in one piece as it wrote them; nothing is filtered. */
export async function writeImplications(
  engine: Engine,
  passage: { title: string; text: string },
  seed: number,
): Promise<string> {
  const prompt = promptTokens(engine, asksForImplications(passage))
  const tokensMax = Math.min(WRITING.tokensMax, engine.base.config.positionsMax - prompt.length)
  if (tokensMax < 1) return ''
  const [written] = await engine.generate([prompt], { ...WRITING, tokensMax, seed })
  return written?.text ?? ''
}
