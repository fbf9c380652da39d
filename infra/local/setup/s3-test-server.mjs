// A real S3 server for the tests (ministack, a Python program). Installed by `npm test` alone.
import { join } from 'node:path'
import { cacheFolder } from './cache.mjs'
import { pythonPackages } from './python-packages.mjs'

const requirements = [
  'ministack==1.5.33',
  'botocore==1.43.106',
  'defusedxml==0.7.1',
  'graphql-core==3.2.12',
  'h11==0.16.0',
  'h2==4.4.1',
  'hpack==4.2.0',
  'hypercorn==0.18.0',
  'hyperframe==6.1.0',
  'jmespath==1.1.0',
  'jsonata-python==0.7.1',
  'priority==2.0.0',
  'python-dateutil==2.9.0.post0',
  'PyYAML==6.0.3',
  'six==1.17.0',
  'urllib3==2.8.0',
  'wsproto==1.3.2',
]

/** Folder to put on PYTHONPATH; `python3 -m ministack` runs the server. */
export function s3ServerFolder() {
  return join(cacheFolder(), 's3-server-1.5.33')
}

/** @returns {import('./steps.mjs').Step} */
export function s3TestServer() {
  return pythonPackages({
    title: 'S3 server for the tests',
    folder: s3ServerFolder(),
    requirements,
    trouble: 'The S3 server for the tests could not be installed (it needs Python 3.10 or newer): see the words below.',
  })
}
