// Questions with what was answered before and after, and how likely the right answer was each time.
import { diffWords } from 'diff'
import { LikelihoodLine, likelihoodScale } from './likelihood-line.tsx'

export interface ProbeAnswer {
  answer: string
  correct: boolean
  /** log p(gold | question), nats. */
  logprob: number
}

export interface ProbeRow {
  id: string
  question: string
  gold: string
  before?: ProbeAnswer | undefined
  after: ProbeAnswer
}

interface ProbeTableProps {
  caption: string
  rows: readonly ProbeRow[]
  /** What the columns are called, e.g. v3 and v4. */
  before?: string
  after?: string
}

export function ProbeTable({ caption, rows, before = 'Before', after = 'After' }: ProbeTableProps) {
  const compared = rows.some((row) => row.before !== undefined)
  const scale = likelihoodScale(rows.flatMap((row) => [row.after.logprob, ...(row.before ? [row.before.logprob] : [])]))
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label={caption}>
      <table class="probes">
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">Question</th>
            {compared && <th scope="col">{before}</th>}
            <th scope="col">{compared ? after : 'Answer'}</th>
            <th scope="col">Its log-likelihood</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">
                {row.question}
                <span class="gold">
                  <span class="unseen">Expected: </span>
                  {row.gold}
                </span>
              </th>
              {compared && <td data-name={before}>{row.before ? <AnswerText given={row.before} /> : '–'}</td>}
              <td data-name={compared ? after : 'Answer'}>
                <AnswerText given={row.after} before={row.before} />
              </td>
              <td class="likelihood" data-name="Log-likelihood">
                <LikelihoodLine scale={scale} before={row.before?.logprob} after={row.after.logprob} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Of two answers that share most of their words, the new ones are marked. */
function AnswerText({ given, before }: { given: ProbeAnswer; before?: ProbeAnswer | undefined }) {
  const parts = before === undefined ? [] : diffWords(before.answer, given.answer).filter((part) => !part.removed)
  const kept = parts.filter((part) => !part.added).reduce((sum, part) => sum + part.value.length, 0)
  const marked = kept > given.answer.length / 2
  return (
    <span class={`answer ${given.correct ? 'right' : 'wrong'}`}>
      <span class="answer-mark" aria-hidden="true">
        {given.correct ? '✓' : '×'}
      </span>
      <span class="unseen">{given.correct ? 'Right: ' : 'Wrong: '}</span>
      <span>
        {marked
          ? parts.map((part, at) => (part.added ? <mark key={at}>{part.value}</mark> : part.value))
          : given.answer || '(nothing)'}
      </span>
    </span>
  )
}
