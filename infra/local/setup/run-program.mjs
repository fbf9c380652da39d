// Runs another program to its end and keeps what it said, for the message when it fails.
import { spawn } from 'node:child_process'

/**
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<{ code: number, output: string }>} code 127 where there is no such program
 */
export function runProgram(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
    child.once('error', (error) => {
      if ('code' in error && error.code === 'ENOENT') resolve({ code: 127, output: error.message })
      else reject(error)
    })
    child.once('close', (code) => resolve({ code: code ?? 1, output }))
  })
}

/** @param {string} output the last lines, indented, to stand under a message */
export function lastLines(output, count = 6) {
  const lines = output.trim().split('\n')
  return lines
    .slice(-count)
    .map((line) => `    ${line}`)
    .join('\n')
}
