// Keeps the README and the pages of docs/ true where a machine can: their links lead somewhere, the commands and files that
// they name exist, and the six files of the README's walk do what the walk says.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs')).flatMap((name) => (/\.md$/.test(name) ? `docs/${name}` : [])),
]
const linksOf = (text: string): string[] =>
  [...text.matchAll(/\]\((?!https?:)([^)]+)\)/g)].map(([, link]) => link ?? '')
/** As the places that show Markdown name a heading. */
const anchorsOf = (text: string): string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s-]/gu, '')
      .replaceAll(' ', '-'),
  )

describe.each(pages)('%s', (page) => {
  const text = read(page)

  test('links only to what is there', () => {
    const dead = linksOf(text).filter((link) => {
      const [path = '', anchor] = link.split('#')
      const target = path === '' ? page : join(dirname(page), path)
      return !existsSync(join(root, target)) || (anchor !== undefined && !anchorsOf(read(target)).includes(anchor))
    })
    expect(dead).toEqual([])
  })

  test('names only commands and files of the repository that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const commands = [...text.matchAll(/npm run ([a-z][\w:-]*)/g)].map(([, script]) => script ?? '')
    expect(commands.filter((script) => !(script in scripts))).toEqual([])
    const files = [...text.matchAll(/(?<![\w./-])(?:services|shared|infra|tests|migrations)\/[\w./-]*\w\.\w+/g)]
    expect(files.flatMap(([path]) => (existsSync(join(root, path)) ? [] : path))).toEqual([])
  })
})

describe('the README', () => {
  const links = linksOf(readme)

  test.each([
    ['services/api/routes/documents.ts', 'createDocument'],
    ['shared/documents/create-document.ts', 'transaction'],
    ['services/trainer/worker.ts', 'claim'],
    ['services/trainer/incorporate.ts', 'promoteVersion'],
    ['services/monitor/verdict.ts', 'decideVerdict'],
    ['shared/versions/promote.ts', 'promoteVersion'],
  ])('walks through %s, which still does its step (%s)', (path, word) => {
    expect(links).toContain(path)
    expect(read(path)).toContain(word)
  })
})
