// One answer to a question: what was said, by which documents' weights, and how sure it was.
import { useEffect, useState } from 'preact/hooks'
import { Link } from 'wouter-preact'
import { call } from '../wire/call.ts'
import type { Answer } from '../wire/types.ts'
import { duration, nats } from './format.ts'

export interface Asked {
  id: number
  question: string
  /** The version that answered when it was asked. */
  head: number
  /** The third answer: a version's number, `open_book` or `hybrid`. */
  other: string
}

interface AnswerColumnProps {
  asked: Asked
  name: string
  /** `name@vN`. */
  reference: string
  mode: 'closed_book' | 'open_book' | 'hybrid'
}

export function AnswerColumn({ asked, name, reference, mode }: AnswerColumnProps) {
  const [answer, setAnswer] = useState<Answer | undefined>()
  const [trouble, setTrouble] = useState<string | undefined>()
  useEffect(() => {
    const gone = new AbortController()
    call<Answer>('POST', '/v1/query', {
      body: { question: asked.question, model: reference, mode },
      signal: gone.signal,
    })
      .then(setAnswer)
      .catch((error: unknown) => {
        if (!gone.signal.aborted) setTrouble(error instanceof Error ? error.message : String(error))
      })
    return () => gone.abort()
  }, [asked.id])
  return (
    <section class="answer-column" aria-label={name} aria-busy={answer === undefined && trouble === undefined}>
      <h3>{name}</h3>
      {answer === undefined && trouble === undefined && <p class="waiting">Thinking…</p>}
      {trouble !== undefined && <p class="trouble-line">{trouble}</p>}
      {answer !== undefined && (
        <>
          <p class="said">{answer.answer === '' ? '(nothing)' : answer.answer}</p>
          <p class="note">
            {answer.documents.length === 0
              ? mode === 'closed_book'
                ? 'From no document'
                : 'No passage matched'
              : mode === 'closed_book'
                ? 'From the weights of '
                : 'Read in '}
            {answer.documents.map(({ id, title }, index) => (
              <span key={id}>
                {index > 0 && ', '}
                <Link href={`/documents/${id}`}>{title}</Link>
              </span>
            ))}
          </p>
          <p class="note number">
            {answer.model}, {answer.logprob !== null && `${nats(answer.logprob)} nats, `}
            {duration(answer.timings_ms['total'] ?? 0)}
          </p>
        </>
      )}
    </section>
  )
}
