// Tokenizer and chat template of a folder in Hugging Face's layout: tokenizer.json, tokenizer_config.json, and
// chat_template.jinja where the template has a file of its own (it then wins, as in transformers).
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ChatTemplate } from './chat-template.ts'
import { jinjaTemplate } from './jinja-template.ts'
import { jsonTokenizer } from './json-tokenizer.ts'
import type { TokenizerDefinition } from './json-tokenizer.ts'
import type { Tokenizer } from './tokenizer.ts'

type Json = Record<string, unknown>

/** Throws when tokenizer.json is missing or not JSON. */
export function openFolderTokenizer(folder: string): { tokenizer: Tokenizer; chatTemplate: ChatTemplate } {
  const definition = findJson(folder, 'tokenizer.json')
  if (!definition) throw new Error(`${folder} lacks tokenizer.json`)
  const config = findJson(folder, 'tokenizer_config.json') ?? {}
  const generation = findJson(folder, 'generation_config.json') ?? {}
  const tokens = { bos: tokenText(config.bos_token), eos: tokenText(config.eos_token) }
  const complete = { normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null, added_tokens: [] }
  const known = { ...complete, ...definition } as unknown as TokenizerDefinition
  const idOf = (token: string) => known.added_tokens.find((added) => added.content === token)?.id ?? null
  const listed = [generation.eos_token_id].flat().filter((id) => typeof id === 'number')
  const eos = idOf(tokens.eos)
  const ids = { bos: idOf(tokens.bos), ends: [...(eos === null ? [] : [eos]), ...listed] }
  return {
    tokenizer: jsonTokenizer(known, { ...ids, pad: idOf(tokenText(config.pad_token)) }),
    chatTemplate: jinjaTemplate(findTemplate(folder, config), tokens),
  }
}

function findTemplate(folder: string, config: Json): string | null {
  const path = join(folder, 'chat_template.jinja')
  if (existsSync(path)) return readFileSync(path, 'utf8')
  const { chat_template } = config
  if (typeof chat_template === 'string') return chat_template
  // Several named templates: the default one.
  const named = Array.isArray(chat_template) ? (chat_template as { name?: unknown; template?: unknown }[]) : []
  const found = named.find(({ name }) => name === 'default')?.template
  return typeof found === 'string' ? found : null
}

/** A token in tokenizer_config.json is its text or an object that holds it. */
function tokenText(token: unknown): string {
  if (typeof token === 'string') return token
  const content = (token as { content?: unknown } | null | undefined)?.content
  return typeof content === 'string' ? content : ''
}

function findJson(folder: string, name: string): Json | null {
  const path = join(folder, name)
  if (!existsSync(path)) return null
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Json
  } catch (cause) {
    throw new Error(`${path} is not JSON`, { cause })
  }
}
