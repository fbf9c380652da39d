// Bundles the page into services/dashboard/dist, where the API serves it from. Plain JavaScript, because the setup runs it
// on a fresh clone; esbuild is loaded only then, when npm's packages are there. A hash over everything that goes in tells
// whether the folder is up to date.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const source = import.meta.dirname
const folder = join(source, 'dist')
const stamp = join(folder, 'built-from')

/** Whether what is built was built from the present sources. */
export async function isDashboardBuilt() {
  return existsSync(stamp) && (await readFile(stamp, 'utf8')) === (await hashSources())
}

/** Builds beside and swaps at the end, so that a running API never reads half of it. */
export async function buildDashboard() {
  const { build } = await import('esbuild')
  const beside = join(source, `dist-${process.pid}`)
  await rm(beside, { recursive: true, force: true })
  await mkdir(beside)
  try {
    const { metafile } = await build({
      entryPoints: [join(source, 'main.tsx'), join(source, 'icon.svg')],
      outdir: join(beside, 'assets'),
      bundle: true,
      minify: true,
      metafile: true,
      format: 'esm',
      target: 'es2022',
      jsx: 'automatic',
      jsxImportSource: 'preact',
      loader: { '.woff2': 'file', '.svg': 'copy' },
      entryNames: '[name]-[hash]',
      assetNames: '[name]-[hash]',
      legalComments: 'linked',
      logLevel: 'silent',
    })
    const outputs = Object.keys(metafile.outputs).map((path) => `/assets/${path.slice(path.lastIndexOf('/') + 1)}`)
    const find = (/** @type {RegExp} */ pattern) => outputs.find((path) => pattern.test(path)) ?? ''
    const page = (await readFile(join(source, 'index.html'), 'utf8'))
      .replace('{{icon}}', find(/icon-\w+\.svg$/))
      .replace('{{style}}', find(/main-\w+\.css$/))
      .replace('{{script}}', find(/main-\w+\.js$/))
    await writeFile(join(beside, 'index.html'), page)
    await writeFile(join(beside, 'built-from'), await hashSources())
    await rm(folder, { recursive: true, force: true })
    await rename(beside, folder)
  } finally {
    await rm(beside, { recursive: true, force: true })
  }
}

/** Of the page's own files and of the versions of everything bundled. */
async function hashSources() {
  const hash = createHash('sha256')
  const entries = await readdir(source, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.slice(source.length).startsWith('/dist'))
    .sort()
  for (const path of [...files, join(source, '..', '..', 'package-lock.json')]) {
    hash.update(path.slice(source.length)).update(await readFile(path))
  }
  return hash.digest('hex')
}
