// One question, three answers: the base that was never taught, the version that answers now, and one of one's choice. Each
// comes when it comes; a slow one keeps nobody waiting.
import { useState } from 'preact/hooks'
import { AnswerColumn, type Asked } from '../parts/answer-column.tsx'
import { PageHead } from '../parts/page.tsx'
import { chosenModel } from '../wire/chosen-model.ts'
import { useResource } from '../wire/resource.ts'
import type { Retention } from '../wire/types.ts'

export function AskPage() {
  const model = chosenModel.value
  const { data } = useResource<Retention>(`/v1/models/${model}/retention`, 15_000)
  // Until it is known which version answers there is nothing to ask beside the base.
  const head = data?.head
  const [question, setQuestion] = useState('')
  const [other, setOther] = useState('open_book')
  const [asked, setAsked] = useState<Asked[]>([])
  const latest = asked[0]

  function ask(): void {
    const wanted = question.trim()
    if (wanted === '' || head === undefined) return
    setAsked([{ id: (latest?.id ?? 0) + 1, question: wanted, head, other }, ...asked])
  }

  return (
    <>
      <PageHead title="Ask">The prompt holds the question alone; what is known comes from the weights.</PageHead>
      <form class="ask" onSubmit={(event) => (event.preventDefault(), ask())}>
        <label for="question">Question</label>
        <div class="ask-line">
          <input
            id="question"
            value={question}
            required
            maxLength={4000}
            autoComplete="off"
            onInput={(event) => setQuestion(event.currentTarget.value)}
          />
          <button type="submit" class="primary" disabled={head === undefined}>
            Ask
          </button>
        </div>
        <label class="inline">
          <span>Third answer from</span>
          <select value={other} onChange={(event) => setOther(event.currentTarget.value)}>
            <option value="open_book">the base, reading the passage</option>
            <option value="hybrid">the version that answers, reading the passage</option>
            {(data?.versions ?? [])
              .filter((version) => version !== head && version !== 0)
              .reverse()
              .map((version) => (
                <option key={version} value={String(version)}>
                  v{version}
                </option>
              ))}
          </select>
        </label>
      </form>
      {latest === undefined && (
        <p class="empty">Ask about something a document said, and then about something none did.</p>
      )}
      <ol class="asked">
        {asked.map((one) => (
          <li key={one.id}>
            <h2>{one.question}</h2>
            <div class="answers">
              <AnswerColumn asked={one} name="Base" reference={`${model}@v0`} mode="closed_book" />
              <AnswerColumn
                asked={one}
                name={`v${one.head}, answering now`}
                reference={`${model}@v${one.head}`}
                mode="closed_book"
              />
              <OtherColumn asked={one} model={model} />
            </div>
          </li>
        ))}
      </ol>
    </>
  )
}

function OtherColumn({ asked, model }: { asked: Asked; model: string }) {
  switch (asked.other) {
    case 'open_book':
      return <AnswerColumn asked={asked} name="Base, reading" reference={`${model}@v${asked.head}`} mode="open_book" />
    case 'hybrid':
      return (
        <AnswerColumn
          asked={asked}
          name={`v${asked.head}, reading`}
          reference={`${model}@v${asked.head}`}
          mode="hybrid"
        />
      )
    default:
      return (
        <AnswerColumn
          asked={asked}
          name={`v${asked.other}`}
          reference={`${model}@v${asked.other}`}
          mode="closed_book"
        />
      )
  }
}
