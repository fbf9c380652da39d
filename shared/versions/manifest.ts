// What a version is made of. Stored as JSON and parsed when it is read back.
import { z } from 'zod'

export const manifestAdapterSchema = z.object({
  /** Key in the object store; it holds the hash. */
  key: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** The document it was trained on; null for an adapter of several. */
  document: z.string().nullable(),
  /** For an adapter of several: all of them. */
  documents: z.array(z.string()).optional(),
  scale: z.number().positive(),
  /** Of an adapter that several were made: how many, its rank, and what was cut off in all the cuts, over the sum's norm. */
  folded: z.object({ adapters: z.number().int(), rank: z.number().int(), error: z.number().min(0) }).optional(),
})

export const manifestSchema = z.object({
  base: z.object({ id: z.string(), sha256: z.string() }),
  adapters: z.array(manifestAdapterSchema),
  router: z
    .object({
      kind: z.literal('bm25'),
      /** Best score over second best must exceed this, else the base answers. */ margin: z.number().min(1),
      /** Best score must reach this, else the base answers. */ scoreMin: z.number().min(0),
      /** The best one's evidence must reach this; versions from before the rule are asked without it. */
      evidenceMin: z.number().min(0).default(0),
    })
    .nullable(),
})
export type Manifest = z.infer<typeof manifestSchema>
export type ManifestAdapter = z.infer<typeof manifestAdapterSchema>

/** The documents that an adapter was trained on. */
export function documentsOf({ document, documents = [] }: ManifestAdapter): readonly string[] {
  return document === null ? documents : [document]
}

/** The documents that a version of this manifest was taught, in the order of its adapters. */
export function documentsTaught(manifest: Manifest | null): string[] {
  return [...new Set(manifest?.adapters.flatMap(documentsOf) ?? [])]
}
