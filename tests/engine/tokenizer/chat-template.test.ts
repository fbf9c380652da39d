import { describe, expect, test } from 'vitest'
import { openGguf } from '../../../services/engine/formats/gguf.ts'
import type { ChatMessage } from '../../../services/engine/tokenizer/chat-template.ts'
import { openFolderTokenizer } from '../../../services/engine/tokenizer/folder-tokenizer.ts'
import { jinjaTemplate } from '../../../services/engine/tokenizer/jinja-template.ts'
import { goldenPath, readGolden } from '../golden-files.ts'
import { hasRealBase, REAL_BASE } from '../real-base.ts'

interface Renders {
  templates: Record<string, string>
  tokens: { bos: string; eos: string }
  renders: { template: string; messages: ChatMessage[]; addGenerationPrompt: boolean; text: string }[]
}

const golden = readGolden('tokenizer', 'templates.json') as Renders
const ofTheBase = golden.renders.filter(({ template }) => template === 'smollm2')

describe('chat templates', () => {
  test.each(Object.entries(golden.templates))('%s renders as transformers does', (name, source) => {
    const template = jinjaTemplate(source, golden.tokens)
    const renders = golden.renders.filter((render) => render.template === name)
    expect(renders.length).toBe(8)
    for (const { messages, addGenerationPrompt, text } of renders)
      expect(template.render(messages, { addGenerationPrompt })).toBe(text)
  })

  test.skipIf(!hasRealBase)("the embedded base's own template renders as transformers does", () => {
    const gguf = openGguf(REAL_BASE)
    const template = jinjaTemplate(String(gguf.metadata.get('tokenizer.chat_template')), golden.tokens)
    gguf.close()
    expect(ofTheBase.length).toBe(8)
    for (const { messages, addGenerationPrompt, text } of ofTheBase)
      expect(template.render(messages, { addGenerationPrompt })).toBe(text)
  })

  test('the generation prompt is left out unless asked for', () => {
    const { chatTemplate } = openFolderTokenizer(goldenPath('models', 'llama-tied'))
    const messages: ChatMessage[] = [{ role: 'user', content: 'hi' }]
    const text = '<|im_start|>user\nhi<|im_end|>\n'
    expect(chatTemplate.render(messages)).toBe(text)
    expect(chatTemplate.render(messages, { addGenerationPrompt: true })).toBe(`${text}<|im_start|>assistant\n`)
  })

  test('a base without a template opens, and says so when asked to render', () => {
    const template = jinjaTemplate(null, { bos: '', eos: '' })
    expect(() => template.render([])).toThrow('this base has no chat template')
  })
})
