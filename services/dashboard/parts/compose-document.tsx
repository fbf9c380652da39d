// Where a document is given: pasted, typed, or dropped as a file. Texts are read here; a dropped text without a title of
// its own takes its first heading or its file's name.
import { useState } from 'preact/hooks'
import { useHashLocation } from 'wouter-preact/use-hash-location'
import { call } from '../wire/call.ts'
import { chosenModel } from '../wire/chosen-model.ts'
import { refresh } from '../wire/resource.ts'
import type { Document } from '../wire/types.ts'
import { count } from './format.ts'
import { parseQuestions } from './parse-questions.ts'
import { readTextFile } from './read-text-file.ts'
import { say, sayTrouble } from './toasts.tsx'

export function ComposeDocument() {
  const [, go] = useHashLocation()
  const [title, setTitle] = useState('')
  const [text, setText] = useState('')
  const [questions, setQuestions] = useState('')
  const [review, setReview] = useState(false)
  const [over, setOver] = useState(false)
  const [sending, setSending] = useState(false)
  const words = text.trim() === '' ? 0 : text.trim().split(/\s+/).length

  async function give(): Promise<void> {
    setSending(true)
    try {
      const asked = parseQuestions(questions)
      const more = { ...(asked.length > 0 ? { questions: asked } : {}), ...(review ? { review } : {}) }
      const document = await post({ title: title.trim(), text, ...more })
      go(`/updates/${document.update_id}`)
    } catch (error) {
      sayTrouble(error)
    } finally {
      setSending(false)
    }
  }

  async function take(files: readonly File[]): Promise<void> {
    try {
      const read = await Promise.all(files.map(readTextFile))
      const [first] = read
      if (read.length === 1 && first !== undefined) {
        setTitle(first.title)
        setText(first.text)
        return
      }
      for (const one of read) await post(one)
      say(`${count(read.length, 'document')} given to ${chosenModel.value}.`)
    } catch (error) {
      sayTrouble(error)
    }
    await refresh('/v1/documents', '/v1/updates')
  }

  return (
    <form
      class={`compose ${over ? 'over' : ''}`}
      aria-labelledby="compose"
      onSubmit={(event) => (event.preventDefault(), void give())}
      onDragOver={(event) => (event.preventDefault(), setOver(true))}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        void take([...(event.dataTransfer?.files ?? [])])
      }}
    >
      <h2 id="compose">Teach it something</h2>
      <label for="title">Title</label>
      <input
        id="title"
        value={title}
        required
        maxLength={300}
        onInput={(event) => setTitle(event.currentTarget.value)}
      />
      <label for="text">Text</label>
      <textarea
        id="text"
        class="manuscript"
        rows={text === '' ? 4 : 9}
        required
        value={text}
        aria-describedby="text-hint"
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <details>
        <summary>Questions of your own, to measure by</summary>
        <label for="questions">One a line, with its answer behind a bar: Who built it? | Ottilie Brandt</label>
        <textarea
          id="questions"
          rows={3}
          value={questions}
          onInput={(event) => setQuestions(event.currentTarget.value)}
        />
        <p class="hint">They are never trained on. Without any, the model holds some of its own back.</p>
      </details>
      <label class="check">
        <input type="checkbox" checked={review} onChange={(event) => setReview(event.currentTarget.checked)} />
        <span>Stop before training, so that I can review what it writes</span>
      </label>
      <div class="compose-foot">
        <button type="submit" class="primary" disabled={sending}>
          {sending ? 'Giving…' : `Give it to ${chosenModel.value}`}
        </button>
        <label class="file">
          <span>or choose files</span>
          <input
            type="file"
            multiple
            accept=".txt,.md,.markdown,text/plain,text/markdown"
            onChange={(event) => void take([...(event.currentTarget.files ?? [])])}
          />
        </label>
        <p class="hint" id="text-hint">
          {words === 0 ? 'Paste a text, or drop files here: .txt, .md.' : count(words, 'word')}
        </p>
      </div>
    </form>
  )
}

async function post(input: { title: string; text: string; questions?: object[]; review?: boolean }): Promise<Document> {
  return await call<Document>('POST', '/v1/documents', {
    body: { ...input, model: chosenModel.value },
    headers: { 'Idempotency-Key': crypto.randomUUID() },
  })
}
