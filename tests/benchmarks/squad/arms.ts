// The ways of knowing a passage that are compared: not at all, from the prompt, from weights trained on it as it is, on
// what the base writes, on what larger models wrote, by SEAL's recipe and by ours.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { SELF_EDIT_FORMATS } from '../../../shared/self-edits/self-edit.ts'
import type { SelfEditFormat } from '../../../shared/self-edits/self-edit.ts'
import { KNOWLEDGE_RECIPE } from '../../../services/trainer/recipe.ts'
import { STUDY_SETTINGS } from '../../../services/trainer/study/settings.ts'
import type { Arm } from '../learning/arm.ts'
import type { Learning } from '../learning/learn.ts'
import { SERVICE_LEARNING } from '../learning/learn-as-service.ts'
import { SEAL_RECIPE } from '../learning/seal.ts'

const OURS = SERVICE_LEARNING
const SEAL: Learning = { material: { kind: 'plain', implications: 'base' }, recipe: SEAL_RECIPE }

/** Self-edits of one format alone, nothing written in addition. */
function onlyFormat(format: SelfEditFormat): Learning {
  return {
    ...OURS,
    material: { kind: 'own', study: { ...STUDY_SETTINGS, shares: { [format]: 1 }, fallbackFormats: [] } },
  }
}

const AUTHORS = [
  ['qwen7bBase', 'Qwen2.5-7B, not tuned'],
  ['gpt41', 'GPT-4.1'],
  ['qwen7bSealRound2', 'Qwen2.5-7B after two rounds of SEAL'],
] as const

/** The usual ones; the order is that of the table, arms of one adapter beside each other so that it is trained once. */
export const SQUAD_ARMS: readonly Arm[] = [
  { name: 'frozen', about: 'the base, closed-book', learning: null, asking: 'closed_book' },
  { name: 'prompt-only', about: 'the base told to reason first, closed-book', learning: null, asking: 'reasoning' },
  {
    name: 'passage-only',
    about: "the passage as plain text by SEAL's recipe, asked in SEAL's words for chat models",
    learning: { material: { kind: 'plain', implications: 'none' }, recipe: SEAL_RECIPE },
    asking: 'seal_chat',
  },
  {
    name: 'seal',
    about:
      "SEAL's recipe as published on this base, without padding in the loss: plain text of passage and own implications",
    learning: SEAL,
    asking: 'seal_chat',
  },
  { name: 'ours', about: "the service's defaults, routed", learning: OURS, asking: 'routed' },
  {
    name: 'ours-unrouted',
    about: 'the same adapter asked whatever the router says',
    learning: OURS,
    asking: 'closed_book',
  },
  { name: 'hybrid', about: 'the same adapter with the passage in view', learning: OURS, asking: 'hybrid' },
  ...SELF_EDIT_FORMATS.map((format): Arm => ({
    name: `own-${format.replaceAll('_', '-')}`,
    about: `own self-edits of the format ${format} alone, our recipe`,
    learning: onlyFormat(format),
    asking: 'closed_book',
  })),
  ...AUTHORS.map(([by, who]): Arm => ({
    name: `given-${by}`,
    about: `statements written by ${who}, our recipe`,
    learning: { material: { kind: 'given', by }, recipe: KNOWLEDGE_RECIPE },
    asking: 'closed_book',
  })),
  { name: 'open-book', about: 'the base with the passage in view', learning: null, asking: 'open_book' },
]

/** By name only: ours, studied by the policy of each round of practice (`ours` is the one before), where there were any. */
export function practisedArms(state: string): Arm[] {
  const path = join(state, 'practice', 'report.json')
  if (!existsSync(path)) return []
  const { rounds } = practisedSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  return rounds.flatMap(({ number, trained }): Arm[] => {
    if (trained === null) return []
    const material = { kind: 'own' as const, study: STUDY_SETTINGS, policy: trained.sha256 }
    const about = `ours, studied by the policy that round ${number} of practice made`
    return [{ name: `after-round-${number}`, about, learning: { ...OURS, material }, asking: 'routed' }]
  })
}

const practisedSchema = z.object({
  rounds: z.array(z.object({ number: z.number(), trained: z.object({ sha256: z.string() }).nullable() })),
})

/** By name only: variants that answer a question of their own. */
export const MORE_SQUAD_ARMS: readonly Arm[] = [
  { name: 'seal-plain', about: "seal's adapter asked in SEAL's plain words", learning: SEAL, asking: 'seal_plain' },
  { name: 'seal-ours', about: "seal's adapter asked in our words", learning: SEAL, asking: 'closed_book' },
  ...AUTHORS.map(([by, who]): Arm => ({
    name: `seal-${by}`,
    about: `SEAL's recipe with the implications of ${who}`,
    learning: { material: { kind: 'plain', implications: { by } }, recipe: SEAL_RECIPE },
    asking: 'seal_chat',
  })),
]
