#!/usr/bin/env node
// The command `palimpsest`. Plain JavaScript that teaches Node TypeScript first; main.ts has the rest.
import { register } from 'tsx/esm/api'

// Whoever read the output has seen enough (`| head`): that is no failure.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})
register()
const { main } = await import('./main.ts')
process.exitCode = await main(process.argv.slice(2), process.env)
