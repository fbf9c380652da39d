// Lets the model practise and follows it, with a line for each round as it ends.
import { randomUUID } from 'node:crypto'
import type { Schemas } from '../../client/palimpsest.ts'
import { UsageError } from '../usage-error.ts'
import { follow, statusOf } from '../follow.ts'
import type { Command } from './command.ts'

export const practice: Command = async ({ palimpsest, terminal, flags, operands }) => {
  if (operands.length > 0) throw new UsageError('palimpsest practice wants flags alone.')
  const numberOf = (flag: 'rounds' | 'candidates') => {
    const text = flags[flag]
    if (text === undefined) return {}
    if (!/^\d{1,3}$/.test(text)) throw new UsageError(`--${flag} wants a whole number, not "${text}".`)
    return { [flag]: Number(text) }
  }
  const queued = await palimpsest.practise(
    flags.model,
    { ...numberOf('rounds'), ...numberOf('candidates'), strategies: flags.strategies },
    { idempotencyKey: randomUUID() },
  )
  if (flags['no-wait']) {
    terminal.say(`${queued.state} as ${queued.id}`)
    terminal.tell({ practice: queued })
    return 0
  }
  const update = await follow(palimpsest, terminal, { update: queued.update_id, label: queued.id, events: true })
  const ended = await palimpsest.getPractice(queued.id)
  for (const round of ended.rounds) terminal.say(describe(round))
  terminal.tell({ practice: ended })
  return statusOf(update)
}

function describe(round: Schemas['Practice']['rounds'][number]): string {
  const { number, state, accuracy, reward, reward_of_all: ofAll, reliability } = round
  const figure = (value: number | null): string => (value === null ? '-' : value.toFixed(2))
  const held =
    accuracy === null ? '' : `, ${accuracy.after} of ${accuracy.total} held-out questions (${accuracy.before} before)`
  return `round ${number}: ${state}${held}; reward ${figure(reward)}, ${figure(ofAll)} of all, reliability ${figure(reliability)}`
}
