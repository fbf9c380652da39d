// What `npm start`, `npm test` and `npm run setup` call on a machine that may hold nothing yet. This file and
// infra/local/setup/ are plain JavaScript without dependencies, because they run before any package exists. The
// version is checked before anything else is loaded, so that an old Node says a sentence and not a syntax error.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const supported = (major === 20 && minor >= 19) || (major === 22 && minor >= 12)

if (supported) {
  import('./setup/run-command-line.mjs').then(({ runCommandLine }) => runCommandLine(process.argv.slice(2)))
} else {
  console.error(
    `Palimpsest needs Node 20 (from 20.19) or Node 22 (from 22.12), this is ${process.version}. ` +
      'Install one from https://nodejs.org or by a version manager ("nvm install 22"), then run the same command again.',
  )
  process.exitCode = 1
}
