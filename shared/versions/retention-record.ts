// What the monitor found about the older documents when an update was decided, as it is kept with the verdict and shown
// in alerts: the tests that rang, their numbers, and the documents worth a look.
import { z } from 'zod'
import { roundFigure } from '../round-figure.ts'

const ALARMS = ['pooled', 'documents', 'collapse', 'control'] as const
const OUTCOMES = ['regressed', 'retained', 'insufficient_data'] as const

const documentSchema = z.object({
  documentId: z.string(),
  questions: z.number().int(),
  /** Mean nats lost a question. */
  meanLoss: z.number(),
  /** Sign-flip test over its questions; Benjamini-Hochberg over documents; e-process over updates. */
  pValue: z.number(),
  qValue: z.number(),
  eValue: z.number(),
  outcome: z.enum(OUTCOMES),
  /** With so many more questions a loss of one nat would be found; null unless data is insufficient. */
  questionsMissing: z.number().int().nullable(),
})

export const retentionRecordSchema = z.object({
  alarms: z.array(z.enum(ALARMS)),
  /** The test of all older questions together: on log-likelihoods, mean nats lost a changed question. */
  pooled: z.object({ statistic: z.string(), pValue: z.number(), meanLoss: z.number() }),
  /** The same of the general questions that no document taught; null in records from before they were asked. */
  control: z
    .object({
      statistic: z.string(),
      pValue: z.number(),
      meanLoss: z.number(),
      /** Questions whose answer was the base's before and is not now, and the other way round, of so many. */
      losses: z.number().int(),
      gains: z.number().int(),
      total: z.number().int(),
    })
    .nullable()
    .default(null),
  noiseFloor: z.number(),
  /**
   * Of an evaluation: the most by which this second measurement of an unchanged version differs from the first, nats; null
   * where something was lost, and in other updates.
   */
  noiseMeasured: z.number().nullable().default(null),
  /** The model's e-value over its updates. */
  eValue: z.number(),
  /** How many documents have each outcome. */
  outcomes: z.object({ regressed: z.number(), retained: z.number(), insufficient_data: z.number() }),
  /** Those that regressed and those that lost most, at most twenty. */
  documents: z.array(documentSchema),
})
export type RetentionRecord = z.infer<typeof retentionRecordSchema>

export const documentEvidenceSchema = z.object({
  document_id: z.string(),
  questions: z.number().int(),
  mean_loss: z.number(),
  p_value: z.number(),
  q_value: z.number(),
  e_value: z.number(),
  outcome: z.enum(OUTCOMES),
  questions_missing: z.number().int().nullable(),
})
export type DocumentEvidence = z.infer<typeof documentEvidenceSchema>

export const retentionRecordBodySchema = z.object({
  alarms: z.array(z.enum(ALARMS)),
  pooled: z.object({ statistic: z.string(), p_value: z.number(), mean_loss: z.number() }),
  control: z
    .object({
      statistic: z.string(),
      p_value: z.number(),
      mean_loss: z.number(),
      losses: z.number().int(),
      gains: z.number().int(),
      total: z.number().int(),
    })
    .nullable(),
  noise_floor: z.number(),
  noise_measured: z.number().nullable(),
  e_value: z.number(),
  outcomes: z.object({ regressed: z.number(), retained: z.number(), insufficient_data: z.number() }),
  documents: z.array(documentEvidenceSchema),
})

/** Ids of the documents that it says regressed; at most as many as a record keeps. */
export function regressedIn(record: RetentionRecord | null): string[] {
  return (record?.documents ?? []).flatMap(({ documentId, outcome }) => (outcome === 'regressed' ? documentId : []))
}

/**
 * Ids of the documents to watch until they are as they were: those that regressed, or, where the alarm over all questions
 * rang and none is named, those that lost, which only together say something.
 */
export function toWatch(record: RetentionRecord | null): string[] {
  const named = regressedIn(record)
  if (record === null || named.length > 0 || !record.alarms.includes('pooled')) return named
  return record.documents.flatMap(({ documentId, meanLoss }) => (meanLoss > 0 ? documentId : []))
}

export function toDocumentEvidence(record: RetentionRecord | null): DocumentEvidence[] {
  return (record?.documents ?? []).map(({ documentId, meanLoss, pValue, qValue, eValue, ...document }) => ({
    document_id: documentId,
    questions: document.questions,
    mean_loss: roundFigure(meanLoss),
    p_value: roundFigure(pValue),
    q_value: roundFigure(qValue),
    e_value: roundFigure(eValue),
    outcome: document.outcome,
    questions_missing: document.questionsMissing,
  }))
}

export function toRetentionRecordBody(record: RetentionRecord): z.infer<typeof retentionRecordBodySchema> {
  const { alarms, pooled, noiseFloor, eValue, outcomes } = record
  return {
    alarms,
    pooled: {
      statistic: pooled.statistic,
      p_value: roundFigure(pooled.pValue),
      mean_loss: roundFigure(pooled.meanLoss),
    },
    control: record.control === null ? null : toControlBody(record.control),
    noise_floor: roundFigure(noiseFloor),
    noise_measured: roundFigure(record.noiseMeasured),
    e_value: roundFigure(eValue),
    outcomes,
    documents: toDocumentEvidence(record),
  }
}

function toControlBody({ pValue, meanLoss, ...counts }: NonNullable<RetentionRecord['control']>) {
  return { ...counts, p_value: roundFigure(pValue), mean_loss: roundFigure(meanLoss) }
}
