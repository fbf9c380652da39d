import { pgSequence } from 'drizzle-orm/pg-core'

/** Fencing tokens: each claim draws a higher one. */
export const leaseTokens = pgSequence('lease_tokens')
