// Schemathesis, which makes requests from /openapi.json and checks each answer against it. Installed by
// `npm run check:contract` alone.
import { join } from 'node:path'
import { cacheFolder } from './cache.mjs'
import { pythonPackages } from './python-packages.mjs'

const requirements = [
  'schemathesis==4.32.5',
  'anyio==4.16.0',
  'certifi==2026.10.18',
  'charset-normalizer==3.5.2',
  'click==8.5.1',
  'graphql-core==3.3.2',
  'harfile==0.6.0',
  'hypothesis==6.170.15',
  'hypothesis-graphql==0.13.5',
  'idna==3.20',
  'iniconfig==2.3.1',
  'jsonschema_rs==0.60.3',
  'markdown-it-py==4.3.0',
  'MarkupSafe==3.0.4',
  'mdurl==0.1.2',
  'packaging==26.3',
  'pluggy==1.7.0',
  'Pygments==2.21.0',
  'pyrate-limiter==4.5.1',
  'pytest==9.2.0',
  'PyYAML==6.0.3',
  'requests==2.34.2',
  'rich==15.0.0',
  'sortedcontainers==2.4.0',
  'typing_extensions==4.16.0',
  'urllib3==2.8.0',
  'Werkzeug==3.1.9',
]

/** Folder to put on PYTHONPATH; `python3 -m schemathesis.cli` runs it. */
export function contractCheckerFolder() {
  return join(cacheFolder(), 'schemathesis-4.32.5')
}

/** @returns {import('./steps.mjs').Step} */
export function contractChecker() {
  return pythonPackages({
    title: 'Schemathesis 4.32.5',
    folder: contractCheckerFolder(),
    requirements,
    trouble: 'Schemathesis could not be installed (it needs Python 3.10 or newer): see the words below.',
  })
}
