// Whether a port can be listened on, asked before anything is started: a taken port is the commonest reason that a
// start fails, and the service that finds it out would say so in its log only.
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { PlainError } from './setup/plain-error.mjs'

/** The error's code, e.g. EADDRINUSE; undefined when the port can be had. */
export async function findPortTrouble(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    probe.listen(port, host, () => probe.close(() => resolve(undefined)))
  })
}

/** A port that was free a moment ago, on 127.0.0.1. */
export async function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      const port = address !== null && typeof address === 'object' ? address.port : 0
      probe.close(() => resolve(port))
    })
  })
}

/** Throws a PlainError where the port cannot be had within `waitMs`. */
export async function requirePort(port: number, host: string, waitMs: number): Promise<void> {
  const deadline = Date.now() + waitMs
  let trouble = await findPortTrouble(port, host)
  while (trouble === 'EADDRINUSE' && Date.now() < deadline) {
    await sleep(200)
    trouble = await findPortTrouble(port, host)
  }
  if (trouble === undefined) return
  throw new PlainError(describeTrouble(trouble, port, host))
}

function describeTrouble(trouble: string, port: number, host: string): string {
  const another = 'choose another with "npm start -- --port N"'
  if (trouble === 'EADDRINUSE')
    return `Port ${port} on ${host} is taken by another program: stop that one, or ${another}.`
  if (trouble === 'EACCES') return `Port ${port} may not be used by this user: ${another} (above 1023).`
  if (trouble === 'EADDRNOTAVAIL' || trouble === 'ENOTFOUND')
    return `${host} is no address of this machine: leave --host out, or give one that is.`
  return `Port ${port} on ${host} cannot be used (${trouble}): ${another}.`
}
