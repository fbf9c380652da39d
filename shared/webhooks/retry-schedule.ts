// When to try again. The waits are those that Standard Webhooks suggests: quick ones for a hiccup, then three days of
// patience for an outage over a weekend. A receiver that says how long to wait is believed, up to a day.

/** Seconds between attempt n and n + 1; after the last one a delivery is given up. */
export const RETRY_SECONDS = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400] as const
export const ATTEMPTS_MAX = RETRY_SECONDS.length + 1

const jitterShare = 0.2
export const retryAfterSecondsMax = 86_400

/**
 * Seconds until the next try after `attempt` (from 1) failed, or undefined when it was the last. Up to a fifth is added
 * by `random` (0 to 1), so that what failed together does not come back together.
 */
export function retryDelaySeconds(
  attempt: number,
  { retryAfterSeconds, random }: { retryAfterSeconds?: number | undefined; random: () => number },
): number | undefined {
  const planned = RETRY_SECONDS[attempt - 1]
  if (planned === undefined) return undefined
  const asked = Math.min(retryAfterSeconds ?? 0, retryAfterSecondsMax)
  return Math.max(planned, asked) * (1 + jitterShare * random())
}

/** The header `Retry-After`: seconds or an HTTP date; undefined when absent or unreadable. */
export function parseRetryAfter(header: string | undefined, now: Date): number | undefined {
  if (header === undefined) return undefined
  if (/^\d+$/.test(header.trim())) return Number(header)
  const date = Date.parse(header)
  return Number.isNaN(date) ? undefined : Math.max(0, (date - now.getTime()) / 1000)
}
