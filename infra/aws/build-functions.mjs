// The code of the Lambda functions, bundled into one folder in the layout of the repository: modules look for files beside
// themselves (the page, the migrations, the thread that reads files), and find them there. Each module is told that it
// lies where its source does, because bundling would move it.
import { cp, readFile, rm } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { build } from 'esbuild'
import { buildDashboard, isDashboardBuilt } from '../../services/dashboard/build.mjs'

/** Source to bundle, both without their ending. */
const entries = {
  'services/api/lambda': 'services/api/lambda',
  // In the repository a file of this name loads the source by tsx.
  'services/api/extract/extract-worker': 'services/api/extract/extract-thread',
  'services/trainer/lambda': 'services/trainer/lambda',
  'services/notifier/lambda': 'services/notifier/lambda',
  'infra/aws/functions/migrate': 'infra/aws/functions/migrate',
}
const files = ['migrations', 'services/dashboard/dist']
const repository = join(import.meta.dirname, '../..')

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('usage: node infra/aws/build-functions.mjs FOLDER (emptied first)')
await buildFunctions(folder)

/** @param {string} folder */
async function buildFunctions(folder) {
  await rm(folder, { recursive: true, force: true })
  if (!(await isDashboardBuilt())) await buildDashboard()
  for (const file of files) await cp(join(repository, file), join(folder, file), { recursive: true })
  for (const [source, bundle] of Object.entries(entries)) {
    const toRoot = JSON.stringify('../'.repeat(source.split('/').length - 1))
    await build({
      absWorkingDir: repository,
      entryPoints: [`${source}.ts`],
      outfile: join(folder, `${bundle}.mjs`),
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node22',
      legalComments: 'none',
      external: ['pg-native'],
      banner: {
        js: [
          // CommonJS packages among ours ask for Node's modules in their own way.
          "import { createRequire as requireFrom } from 'node:module'",
          'const require = requireFrom(import.meta.url)',
          `const ROOT_URL = new URL(${toRoot}, import.meta.url)`,
        ].join(';'),
      },
      plugins: [keepsPlace()],
      logLevel: 'error',
    })
  }
}

/**
 * Our own modules' `import.meta.url`.
 * @returns {import('esbuild').Plugin}
 */
function keepsPlace() {
  return {
    name: 'keeps-place',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const contents = await readFile(path, 'utf8')
        const place = relative(repository, path)
        if (place.includes('node_modules') || !contents.includes('import.meta.url')) return
        const url = `new URL(${JSON.stringify(place)}, ROOT_URL).href`
        return { contents: contents.replaceAll('import.meta.url', url), loader: 'ts', resolveDir: dirname(path) }
      })
    },
  }
}
