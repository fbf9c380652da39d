// Rows to be learned from the version that knows them: each document's rows are read to the adapters that answer for that
// document, and what those say at every token of the answer is what the new adapter is trained to say.
import { documentsOf, type Manifest } from '../../shared/versions/manifest.ts'
import type { Engine, ObjectiveWeights } from '../engine/engine.ts'
import type { ObjectStore } from '../../shared/registry/object-store.ts'
import { loadSum } from './load-adapters.ts'
import type { DocumentRows } from './strategies/choose-rows.ts'

/** Half each: the teacher's whole distribution, and the words it was taught itself, which a clipped one says weakly. */
const OBJECTIVE: ObjectiveWeights = { crossEntropy: 0.5, distillation: 0.5 }

/** `k` next tokens are kept at each position. Rows of documents that the version was not taught stay as they are. Throws `adapter_unavailable`. */
export async function teachRows(
  parts: { engine: Engine; store: ObjectStore },
  documents: readonly DocumentRows[],
  { teacher: { adapters, router }, k, signal }: { teacher: Manifest; k: number; signal: AbortSignal },
): Promise<DocumentRows[]> {
  const taught: DocumentRows[] = []
  for (const { documentId, rows } of documents) {
    const own = router === null ? adapters : adapters.filter((entry) => documentsOf(entry).includes(documentId))
    const adapter = await loadSum(parts, own)
    if (adapter === null) {
      taught.push({ documentId, rows })
      continue
    }
    const teachings = await parts.engine.teach(
      rows.map(({ tokens, lossFrom }) => ({ prompt: tokens.slice(0, lossFrom), answer: tokens.slice(lossFrom) })),
      { k, adapter, signal },
    )
    const withTeacher = rows.flatMap((row, index) => {
      const teacher = teachings[index]
      return teacher === undefined ? [] : [{ ...row, teacher, objective: OBJECTIVE }]
    })
    taught.push({ documentId, rows: withTeacher })
  }
  return taught
}
