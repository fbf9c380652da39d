// Which bodies a path takes, where that is not JSON alone.
import { fileBytesMax } from '../../shared/files/file.ts'

export interface BodyRule {
  mediaTypes: RegExp
  /** Text must be UTF-8; files are whatever they are. */
  isText: boolean
  bytesMax: number
  /** What to send instead of another media type, and of a larger body. */
  send: string
  split: string
}

const megabyte = 1024 * 1024
const json = 'Send JSON in UTF-8 with the header `Content-Type: application/json`'

const jsonRule: BodyRule = {
  mediaTypes: /^application\/([\w.-]+\+)?json\s*(;|$)/i,
  isText: true,
  // 1 MB of text may be three times that as JSON with every letter escaped; questions and title take the rest.
  bytesMax: 4 * megabyte,
  send: json,
  split: 'A text may have 1 MB: split it into several documents.',
}

const rules: Readonly<Record<string, BodyRule>> = {
  '/v1/documents': {
    ...jsonRule,
    mediaTypes: /^(application\/([\w.-]+\+)?json|text\/(plain|markdown))\s*(;|$)/i,
    send: `${json}, or the text itself as \`text/plain\` or \`text/markdown\``,
  },
  '/v1/documents/upload': {
    mediaTypes: /^multipart\/form-data\s*;/i,
    isText: false,
    bytesMax: 16 * megabyte,
    send: 'Send files as `multipart/form-data`',
    split: 'Send fewer files at a time, or a large one by POST /v1/uploads.',
  },
  '/v1/files': {
    mediaTypes: /^multipart\/form-data\s*;/i,
    isText: false,
    // One file, with room for what stands round it.
    bytesMax: fileBytesMax + 64 * 1024,
    send: 'Send the file as `multipart/form-data`',
    split: 'Split the file.',
  },
}

export function bodyRuleOf(path: string): BodyRule {
  return rules[path] ?? jsonRule
}
