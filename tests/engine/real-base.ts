// Where the embedded base lies, for tests that need real weights or a real vocabulary. `npm run setup` puts it there;
// without it those tests are skipped, and say so by their name.
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

const { PALIMPSEST_CACHE, XDG_CACHE_HOME } = process.env
const cache = PALIMPSEST_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'palimpsest')

export const REAL_BASE = join(cache, 'base', 'SmolLM2-135M-Instruct.Q4_1.gguf')
export const hasRealBase = existsSync(REAL_BASE)
