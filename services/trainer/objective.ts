// What a training row is held to: its answer (cross-entropy), what the frozen base says with the document in view
// (context distillation, arXiv 2506.06266 and 2412.14964), or both. Distillation is a setting, not the default: the
// teacher of a small base is weak, so a row it does not help keeps to its answer alone.

export interface Objective {
  /** Weights of the two terms in a row that the document helps its teacher with; any other has cross-entropy 1. */
  crossEntropy: number
  distillation: number
  /** Who reads the document: the bare base, or the base with its study adapter, which answers more to the point. */
  teacher: 'base' | 'study'
  /** A teacher's next tokens kept at each position, nearly all of the mass; what they leave is one more outcome. */
  k: number
  /** Softens teacher and student alike; 1 matches the distributions as they are. */
  temperature: number
  /** Nats a token by which the document must make the answer likelier for the row to be distilled. */
  gainMin: number
  /** Weight of KL(what is trained upon || student) in rows of general questions; 0 leaves them to cross-entropy. */
  anchor: number
}

const answers: Objective = {
  crossEntropy: 1,
  distillation: 0,
  teacher: 'base',
  k: 24,
  temperature: 1,
  gainMin: 0,
  anchor: 0,
}

/** Objectives by name, for the recipe and for measuring one against another. */
export const OBJECTIVES = {
  answers,
  mixed: { ...answers, crossEntropy: 0.5, distillation: 0.5, teacher: 'study' },
  distilled: { ...answers, crossEntropy: 0, distillation: 1, teacher: 'study' },
} as const satisfies Record<string, Objective>
