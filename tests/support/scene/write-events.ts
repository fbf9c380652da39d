// What a trainer says while it works, written by the service's own functions: self-edits, progress, the falling loss.
import type { Database } from '../../../shared/database/database.ts'
import { saveProbes } from '../../../shared/probes/save-probes.ts'
import type { SelfEdit } from '../../../shared/self-edits/self-edit.ts'
import { saveSelfEdits } from '../../../shared/self-edits/save-self-edits.ts'
import type { Claim } from '../../../shared/updates/claim-update.ts'
import { recordProgress } from '../../../shared/updates/record-progress.ts'
import { dice } from './knowledge.ts'
import type { SceneDocument } from './skerrow.ts'

const steps = 60

/** Studies the claimed document. `selfMade`: its questions are held out of what was written, as where a caller gives none. */
export async function writeStudy(database: Database, claim: Claim, scene: SceneDocument, selfMade = false) {
  const [document] = claim.documents
  if (document === undefined) throw new Error('the claim has no document')
  const edits = selfEditsOf(scene, selfMade)
  if (selfMade) {
    const probes = scene.questions.map(({ question, answer }) => ({ question, answer, source: 'self_made' as const }))
    await saveProbes(database.query, claim.lease, document.id, probes)
  }
  await saveSelfEdits(database.query, claim.lease, document.id, edits)
  const kept = edits.filter((edit) => edit.kept && !edit.heldOut).length
  const held = edits.filter((edit) => edit.heldOut).length
  await recordProgress(database.query, claim.lease, {
    state: 'studying',
    phase: 'self-edits written',
    fraction: 0.35,
    event: {
      type: 'self_edits',
      data: { document_id: document.id, written: edits.length, kept, held_out: held, resumed: false },
    },
  })
}

/** What the trainer tells while it writes: the first few, not judged yet. */
export async function writeWriting(database: Database, { lease, documents }: Claim, scene: SceneDocument) {
  const edits = selfEditsOf(scene, true)
    .slice(0, 3)
    .map(({ format, prompt, completion }) => ({ format, prompt, completion }))
  await recordProgress(database.query, lease, {
    state: 'studying',
    phase: 'writing self-edits',
    fraction: 0.1,
    event: { type: 'written', data: { document_id: documents[0]?.id ?? '', edits } },
  })
}

/** Trains up to `share` of all steps. */
export async function writeTraining(database: Database, { lease }: Claim, share = 1, from = 0): Promise<void> {
  for (let step = Math.floor((from * steps) / 5) * 5 + 5; step <= steps * share; step += 5) {
    const loss = 0.09 + 2.9 * Math.exp(-step / 11) * (0.82 + 0.36 * dice(`${lease.updateId} ${step}`))
    await recordProgress(database.query, lease, {
      state: 'training',
      phase: 'training',
      fraction: 0.35 + (0.45 * step) / steps,
      event: { type: 'loss', data: { step, steps, loss, gradient_norm: 0.4 + loss / 2 } },
    })
  }
}

function selfEditsOf({ title, text, questions }: SceneDocument, selfMade: boolean): SelfEdit[] {
  const sentences = text.match(/[^.]+\./g)?.map((sentence) => sentence.trim()) ?? []
  const edit = (parts: Partial<SelfEdit> & Pick<SelfEdit, 'format' | 'prompt' | 'completion'>): SelfEdit => ({
    ...{ origin: 'model', source: 'passage', kept: true, heldOut: false, reason: null },
    ...parts,
  })
  const saying = (words: string) => sentences.find((sentence) => sentence.includes(words)) ?? text
  return [
    ...(selfMade
      ? questions.map(({ question, answer }) =>
          edit({ format: 'question_answer', prompt: question, completion: answer, heldOut: true }),
        )
      : []),
    ...questions.map(({ answer }) =>
      edit({
        format: 'question_answer',
        prompt: `What is said of "${answer}" in connection with ${title}?`,
        completion: saying(answer),
      }),
    ),
    ...sentences.map((sentence, at) =>
      edit({
        format: 'rewrite',
        prompt: `Tell me about ${title}.`,
        completion: sentence,
        source: `sentence ${at + 1}`,
      }),
    ),
    ...sentences.map((sentence) => {
      const words = sentence.replace(/\.$/, '').split(' ')
      const gap = `${words.slice(0, -2).join(' ')} ____.`
      return edit({
        origin: 'text',
        format: 'cloze',
        prompt: `Fill the gap: ${gap}`,
        completion: words.slice(-2).join(' '),
      })
    }),
    ...questions.map(({ question, guess }, at) =>
      edit({
        ...{ format: 'question_answer', prompt: question, completion: guess, kept: false },
        reason: at % 2 === 0 ? 'the text does not say it' : 'it repeats another',
      }),
    ),
  ]
}
