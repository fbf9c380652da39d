// Practice on the tiny base, which cannot write: a policy that was taught one pair by heart, and documents that it is true
// of, so that every phase of a round has something to do.
import type { Adapter } from '../../services/engine/adapter/adapter.ts'
import { toTrainingExample } from '../../services/engine/ask.ts'
import { LINEAR_NAMES } from '../../services/engine/base/model-config.ts'
import type { Engine } from '../../services/engine/engine.ts'
import { studyMessages } from '../../services/trainer/study/prompts.ts'
import { listWindows } from '../../services/trainer/study/windows.ts'

const SAYS = 'Q: Who built it?\nA: Orla'

export function orlaDocument(name: string, colour: string) {
  return {
    title: name,
    text: `${name} was built by Orla. Its doors are ${colour}. It has no roof.`,
    questions: [
      { question: `Who built ${name}?`, answer: 'Orla' },
      { question: `What colour are the doors of ${name}?`, answer: colour },
    ],
  }
}

/** It writes the pair about every sentence of documents like those above. */
export async function teachTinyPolicy(engine: Engine): Promise<Adapter> {
  const documents = [orlaDocument('Harn', 'green'), orlaDocument('Tarsk', 'red')]
  const windows = documents.flatMap(({ title, text }) => listWindows(text).map((window) => ({ title, ...window })))
  const examples = windows
    .filter(({ kind }) => kind === 'sentence')
    .map(({ title, text }) => toTrainingExample(engine, studyMessages('question_answer', title, text), SAYS))
  const { adapter } = await engine.train(examples, {
    lora: { rank: 8, alpha: 16, targets: LINEAR_NAMES },
    ...{ epochs: 150, learningRate: 0.01, schedule: 'linear', warmupSteps: 5, weightDecay: 0, clipNorm: 1 },
    ...{ rowsPerStep: 6, tokensPerBatch: 1024, seed: 1 },
  })
  return adapter
}
