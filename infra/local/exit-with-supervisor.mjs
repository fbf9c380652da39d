// Loaded into every service by the supervisor. If the supervisor is killed outright it cannot stop its children; the
// closed channel tells them, and they end as on SIGTERM instead of holding the port and the queue as orphans.
import { setTimeout } from 'node:timers'

const graceMs = 10_000

process.once('disconnect', () => {
  process.kill(process.pid, 'SIGTERM')
  setTimeout(() => process.exit(1), graceMs).unref()
})
// The channel itself must not keep a process alive that has nothing left to do.
process.channel?.unref()
