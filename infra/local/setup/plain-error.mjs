// An error whose message is written for the person at the terminal: one sentence of what is wrong, one of what to
// do. It is printed without a stack; everything else that is thrown is a defect of ours and keeps its stack.
export class PlainError extends Error {
  /** @override */
  name = 'PlainError'
}

const fullDisk = /ENOSPC|No space left on device/
const noNetwork =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|Temporary failure in name resolution|NewConnectionError|Max retries exceeded/

/**
 * What to do about a failed command, by what it printed.
 * @param {string} output
 * @param {string} otherwise advice where the output holds no known cause
 */
export function adviseOn(output, otherwise) {
  if (fullDisk.test(output)) return 'The disk is full: free some space and run the same command again.'
  if (noNetwork.test(output))
    return 'The package index cannot be reached: check the network (or proxy) and run the same command again.'
  return otherwise
}

/**
 * Prints an error as its kind deserves and marks the process as failed.
 * @param {unknown} error
 */
export function reportFailure(error) {
  if (error instanceof Error && error.name === 'PlainError') console.error(`\n${error.message}`)
  else if (error instanceof Error && fullDisk.test(error.message)) console.error(`\n${adviseOn(error.message, '')}`)
  else console.error(error)
  process.exitCode = 1
}
