/** What the caller typed cannot be meant; the message says what to type. */
export class UsageError extends Error {}
