import { paint } from '../terminal.ts'
import { UsageError } from '../usage-error.ts'
import type { Command } from './command.ts'

const modes = ['closed_book', 'open_book', 'hybrid'] as const

export const ask: Command = async ({ palimpsest, terminal, flags, operands }) => {
  const mode = modes.find((each) => each === flags.mode)
  if (mode === undefined) throw new UsageError(`--mode is one of ${modes.join(', ')}.`)
  if (operands.length === 0) throw new UsageError('palimpsest ask wants a question.')
  const answer = await palimpsest.ask({ question: operands.join(' '), model: flags.model, mode })
  terminal.tell(answer)
  terminal.say(answer.answer)
  const from = answer.documents.map(({ title, score }) => `${title} (${score.toFixed(2)})`).join(', ')
  terminal.say(paint(terminal, '2', `${answer.model}${from === '' ? '' : `, from ${from}`}`))
  return 0
}
