// An update from where it stands to its end, with a bar for people and its events for programs.
import type { Palimpsest, Schemas } from '../client/palimpsest.ts'
import { paint, type Terminal } from './terminal.ts'

export interface FollowOptions {
  update: string
  /** What is learned, e.g. a file's name. */
  label: string
  /** Before the label in the bar, e.g. "2/5 ". */
  place?: string
  /** Return when the update waits for a person. */
  untilReview?: boolean
  /** Hand every event on to programs. */
  events?: boolean
}

/** The update as it is in the end, said or told. */
export async function follow(
  palimpsest: Palimpsest,
  terminal: Terminal,
  options: FollowOptions,
): Promise<Schemas['Update']> {
  const { update: id, label, place = '', untilReview, events } = options
  const stopped = new AbortController()
  for await (const event of palimpsest.watch(id, { signal: stopped.signal })) {
    if (events) terminal.tell({ event: event.type, id: event.id, data: event.data })
    const { fraction, phase, state } = event.data
    if (typeof fraction === 'number') terminal.showBar(fraction, `${place}${label}: ${String(phase)}`)
    if (untilReview && state === 'awaiting_review') break
  }
  stopped.abort()
  terminal.clearBar()
  const update = await palimpsest.getUpdate(id)
  terminal.say(`${label}: ${describe(terminal, update)}`)
  return update
}

function describe(terminal: Terminal, { id, state, version, learned, verdict, error }: Schemas['Update']): string {
  if (state === 'promoted') {
    const known = learned ? `, ${learned.after} of ${learned.total} questions answered (${learned.before} before)` : ''
    return `${paint(terminal, '32', 'promoted')}${version === null ? '' : ` as v${version}`}${known}`
  }
  if (state === 'awaiting_review')
    return `${paint(terminal, '33', 'awaits review')}; POST /v1/updates/${id}/approve goes on`
  const why = error?.message ?? verdict?.reason
  return `${paint(terminal, '31', state)}${why === undefined ? '' : `: ${why}`}`
}

/** Exit status: 0 when it ended well, or waits for a person. */
export function statusOf({ state }: Schemas['Update']): number {
  return state === 'promoted' || state === 'awaiting_review' ? 0 : 4
}
