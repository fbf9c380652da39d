// Runs vitest, passing arguments through, and repeats its counts on a last line of a fixed form, "N passed,
// N failed", which programs that watch the tests can read without knowing vitest.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * @param {string} repository
 * @param {string[]} args
 * @returns {Promise<number>} exit status
 */
export async function runTests(repository, args) {
  const folder = await mkdtemp(join(tmpdir(), 'palimpsest-tests-'))
  const report = join(folder, 'report.json')
  try {
    const vitest = join(repository, 'node_modules', 'vitest', 'vitest.mjs')
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
    const status = await runToEnd([vitest, 'run', ...reporters, ...args], repository)
    const { passed, failed } = await countTests(report)
    // A run can fail without a failed test: an error outside of any, or no test found.
    console.log(`\n${passed} passed, ${status === 0 ? failed : Math.max(failed, 1)} failed`)
    return status
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * @param {string[]} args
 * @param {string} cwd
 * @returns {Promise<number>}
 */
function runToEnd(args, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, stdio: 'inherit' })
    // The terminal sends Ctrl-C to both; vitest ends by itself, and its status is waited for.
    const ignore = () => undefined
    const forward = () => void child.kill('SIGTERM')
    process.on('SIGINT', ignore)
    process.on('SIGTERM', forward)
    child.once('error', reject)
    child.once('close', (code) => {
      process.off('SIGINT', ignore)
      process.off('SIGTERM', forward)
      resolve(code ?? 1)
    })
  })
}

/** @param {string} report */
async function countTests(report) {
  if (!existsSync(report)) return { passed: 0, failed: 0 }
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(await readFile(report, 'utf8'))
  // A file that could not be loaded holds no tests but has failed nevertheless.
  const broken = testResults.filter(
    (/** @type {{ status: string, assertionResults: unknown[] }} */ file) =>
      file.status === 'failed' && file.assertionResults.length === 0,
  ).length
  return { passed: numPassedTests, failed: numFailedTests + broken }
}
