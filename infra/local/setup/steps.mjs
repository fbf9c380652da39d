// Runs the steps of the setup one after another. A step that is done already costs its check alone and is not
// mentioned, so a second start says one line; one that is interrupted is simply not done at the next run.

/**
 * @typedef {object} Step
 * @property {string} title what is being installed, with its version
 * @property {() => Promise<boolean>} isDone
 * @property {(report: (progress: string) => void) => Promise<void>} run throws a PlainError that says what to do
 */

const quietSeconds = 10

/** @param {Step[]} steps */
export async function runSteps(steps) {
  const started = Date.now()
  let ran = 0
  for (const [index, step] of steps.entries()) {
    if (await step.isDone()) continue
    ran += 1
    await runStep(step, `[${index + 1}/${steps.length}] ${step.title}`)
  }
  const seconds = secondsSince(started)
  console.log(ran === 0 ? `Everything is installed (checked in ${seconds} s).` : `Installed in ${seconds} s.`)
}

/**
 * @param {Step} step
 * @param {string} heading
 */
async function runStep(step, heading) {
  const started = Date.now()
  const display = process.stdout.isTTY ? showInPlace(heading, started) : showInLines(heading, started)
  try {
    await step.run(display.report)
  } finally {
    display.end()
  }
  console.log(`${heading}: done (${secondsSince(started)} s)`)
}

/**
 * A terminal shows one line that changes.
 * @param {string} heading
 * @param {number} started
 */
function showInPlace(heading, started) {
  let progress = ''
  const draw = () =>
    process.stdout.write(`\r\u001b[K${heading}${progress && `: ${progress}`} (${secondsSince(started)} s)`)
  const timer = setInterval(draw, 500)
  draw()
  return {
    report: (/** @type {string} */ text) => void (progress = text),
    end: () => {
      clearInterval(timer)
      process.stdout.write('\r\u001b[K')
    },
  }
}

/**
 * A log gets a line when the step begins and one every ten seconds.
 * @param {string} heading
 * @param {number} started
 */
function showInLines(heading, started) {
  let progress = ''
  console.log(heading)
  const timer = setInterval(() => {
    console.log(`${heading}: ${progress || 'working'} (${secondsSince(started)} s)`)
  }, quietSeconds * 1000)
  return { report: (/** @type {string} */ text) => void (progress = text), end: () => clearInterval(timer) }
}

/** @param {number} started */
function secondsSince(started) {
  const seconds = (Date.now() - started) / 1000
  return seconds < 10 ? seconds.toFixed(1) : seconds.toFixed(0)
}
