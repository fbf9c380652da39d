// Chat templates as the models ship them: Jinja source, rendered with the names transformers gives them. A base
// without a template opens all the same; only asking it to render a conversation fails.
import { Template } from '@huggingface/jinja'
import type { ChatTemplate } from './chat-template.ts'

/** `source` is null where the model has no template. Throws for Jinja that cannot be parsed. */
export function jinjaTemplate(source: string | null, tokens: { bos: string; eos: string }): ChatTemplate {
  if (source === null)
    return {
      render: () => {
        throw new Error('this base has no chat template')
      },
    }
  const template = new Template(source)
  return {
    render: (messages, options) =>
      template.render({
        messages: messages.map(({ role, content }) => ({ role, content })),
        add_generation_prompt: options?.addGenerationPrompt ?? false,
        bos_token: tokens.bos,
        eos_token: tokens.eos,
      }),
  }
}
