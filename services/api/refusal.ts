// What the inference process says when it refuses.
import { z } from 'zod'
import { AppError, ERRORS, type ErrorCode } from '../../shared/errors.ts'

export const refusalSchema = z.object({
  code: z.string(),
  detail: z.string(),
  field: z.string().optional(),
  retry_after_seconds: z.number().optional(),
})

/** By its own code when that is one of ours that concerns the caller. */
export function refusalError(refusal: z.infer<typeof refusalSchema>): AppError {
  const { code, detail, field, retry_after_seconds: retryAfterSeconds } = refusal
  const options = field === undefined ? { retryAfterSeconds } : { field, retryAfterSeconds }
  if (isErrorCode(code) && code !== 'internal' && code !== 'unauthorized') return new AppError(code, detail, options)
  return new AppError('unavailable', `The inference process could not answer: ${detail}`)
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code)
}
