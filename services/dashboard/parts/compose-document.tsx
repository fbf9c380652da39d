// Where documents are given: a text pasted or typed, or files dropped or chosen. Files stand in a list until they are
// given, so that a wrong one can be left out; the service takes the text out of them.
import { useState } from 'preact/hooks'
import { useHashLocation } from 'wouter-preact/use-hash-location'
import { chosenModel } from '../wire/chosen-model.ts'
import { fileNames, giveFiles, giveText, partWords, uploadBytesMax } from '../wire/give-documents.ts'
import { refresh } from '../wire/resource.ts'
import { addFiles, FileList, sizeOf } from './file-list.tsx'
import { bytes, count } from './format.ts'
import { parseQuestions } from './parse-questions.ts'
import { TextFields } from './text-fields.tsx'
import { say, sayTrouble } from './toasts.tsx'

export function ComposeDocument() {
  const [, go] = useHashLocation()
  const [title, setTitle] = useState('')
  const [text, setText] = useState('')
  const [questions, setQuestions] = useState('')
  const [files, setFiles] = useState<readonly File[]>([])
  const [review, setReview] = useState(false)
  const [over, setOver] = useState(false)
  const [sending, setSending] = useState(false)
  const asFiles = files.length > 0

  async function give(): Promise<void> {
    setSending(true)
    try {
      const given = asFiles
        ? await giveFiles(files, files.length === 1 ? title.trim() : '', review)
        : await giveText({ title: title.trim(), text, questions: parseQuestions(questions), review })
      const [first] = given
      if (given.length === 1 && first !== undefined) return go(`/updates/${first.update_id}`)
      say(`${count(given.length, 'document')} given to ${chosenModel.value}.`)
      for (const empty of [setTitle, setText, setQuestions]) empty('')
      setFiles([])
      await refresh('/v1/documents', '/v1/updates')
    } catch (error) {
      sayTrouble(error)
    } finally {
      setSending(false)
    }
  }

  function take(added: readonly File[]): void {
    try {
      setFiles(addFiles(files, added))
    } catch (error) {
      sayTrouble(error)
    }
  }

  return (
    <form
      class={`compose ${over ? 'over' : ''}`}
      aria-labelledby="compose"
      onSubmit={(event) => (event.preventDefault(), void give())}
      onDragOver={(event) => (event.preventDefault(), setOver(true))}
      onDragLeave={(event) => setOver(event.currentTarget.contains(event.relatedTarget as Node | null))}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        take([...(event.dataTransfer?.files ?? [])])
      }}
    >
      <h2 id="compose">Teach it something</h2>
      {files.length < 2 && (
        <>
          <label for="title">Title</label>
          <input
            id="title"
            value={title}
            required={!asFiles}
            maxLength={300}
            placeholder={asFiles ? 'The file’s own' : ''}
            onInput={(event) => setTitle(event.currentTarget.value)}
          />
        </>
      )}
      {asFiles ? (
        <FileList files={files} onRemove={(file) => setFiles(files.filter((other) => other !== file))} />
      ) : (
        <TextFields text={text} onText={setText} questions={questions} onQuestions={setQuestions} />
      )}
      <label class="check">
        <input type="checkbox" checked={review} onChange={(event) => setReview(event.currentTarget.checked)} />
        <span>Stop before training, so that I can review what it writes</span>
      </label>
      <div class="compose-foot">
        <button type="submit" class="primary" disabled={sending}>
          {sending ? 'Giving…' : `Give ${asFiles ? count(files.length, 'file') : 'it'} to ${chosenModel.value}`}
        </button>
        <label class="file">
          <span>{asFiles ? 'Add more files' : 'or choose files'}</span>
          <input
            type="file"
            multiple
            accept={fileNames.join()}
            onChange={(event) => {
              take([...(event.currentTarget.files ?? [])])
              event.currentTarget.value = ''
            }}
          />
        </label>
        <p class="hint" id="compose-hint">
          {asFiles ? `${bytes(sizeOf(files))} of ${bytes(uploadBytesMax)}` : hintOf(text, questions)}
        </p>
      </div>
    </form>
  )
}

function hintOf(text: string, questions: string): string {
  const words = text.trim() === '' ? 0 : text.trim().split(/\s+/).length
  if (words === 0)
    return `Paste a text, or drop files here: PDF, DOCX, HTML, Markdown, text; up to ${bytes(uploadBytesMax)} together.`
  const parts = words > partWords && questions.trim() === '' ? `, cut into documents of about ${partWords}` : ''
  return count(words, 'word') + parts
}
