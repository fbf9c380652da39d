// Where the thread begins: it reads TypeScript by itself, because a loader given by `--import` does not reach threads.
import { register } from 'tsx/esm/api'

register()
await import('./extract-worker.ts')
