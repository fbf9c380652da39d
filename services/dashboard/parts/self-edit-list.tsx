// What was written about the document: what was trained, what was held back to ask, and what was scraped off and why.
import { useState } from 'preact/hooks'
import { useList } from '../wire/resource.ts'
import type { SelfEditBody } from '../wire/types.ts'
import { count } from './format.ts'
import { Loaded } from './loaded.tsx'
import { Tabs } from './tabs.tsx'
import type { WrittenEdit } from './use-update-trace.ts'

const kinds = ['trained', 'held out', 'dropped'] as const
type Kind = (typeof kinds)[number]
const shownFirst = 24

const formatNames: Record<SelfEditBody['format'], string> = {
  question_answer: 'question',
  rewrite: 'rewrite',
  implication: 'implication',
  implication_long: 'long implication',
  cloze: 'gap',
  restatement: 'restatement',
}

interface SelfEditListProps {
  updateId: string
  studying: boolean
  /** What was just written and is not judged yet. */
  written: readonly WrittenEdit[]
}

export function SelfEditList({ updateId, studying, written }: SelfEditListProps) {
  const edits = useList<SelfEditBody>(`/v1/updates/${updateId}/self-edits`)
  const [kind, setKind] = useState<Kind>('trained')
  const [all, setAll] = useState(false)
  const ofKind = (wanted: Kind) => edits.data?.filter((edit) => kindOf(edit) === wanted) ?? []
  if (edits.data?.length === 0) {
    return studying ? <BeingWritten written={written} /> : null
  }
  const shown = all ? ofKind(kind) : ofKind(kind).slice(0, shownFirst)
  return (
    <section aria-labelledby="self-edits">
      <h2 id="self-edits">Self-edits</h2>
      <p class="lead">What the model wrote about the document in order to learn it.</p>
      <Loaded of={edits} what="the self-edits">
        {() => (
          <>
            <Tabs
              name="Self-edits"
              tabs={kinds.map((one) => ({ value: one, label: `${one} ${ofKind(one).length}` }))}
              value={kind}
              onChange={(next) => (setKind(next), setAll(false))}
            />
            <ol class={`self-edits ${kind === 'dropped' ? 'dropped' : ''}`}>
              {shown.map((edit, index) => (
                <SelfEditItem key={edit.id} edit={edit} index={index} />
              ))}
            </ol>
            {shown.length === 0 && <p class="empty">None.</p>}
            {ofKind(kind).length > shown.length && (
              <button type="button" onClick={() => setAll(true)}>
                Show all {ofKind(kind).length}
              </button>
            )}
          </>
        )}
      </Loaded>
    </section>
  )
}

function BeingWritten({ written }: { written: readonly WrittenEdit[] }) {
  return (
    <section aria-labelledby="being-written">
      <h2 id="being-written">Being written</h2>
      <p class="waiting">
        {written.length === 0
          ? 'The model is reading, and writing what it means…'
          : `${count(written.length, 'self-edit')} so far; what the text does not say is scraped off in the end.`}
      </p>
      <ol class="self-edits">
        {written.slice(0, shownFirst).map((edit, at) => (
          <li key={written.length - at} style={{ '--order': '0' }}>
            <p class="prompt">{edit.prompt}</p>
            <p class="completion">{edit.completion}</p>
            <p class="note">{formatNames[edit.format] ?? edit.format}</p>
          </li>
        ))}
      </ol>
    </section>
  )
}

function SelfEditItem({ edit, index }: { edit: SelfEditBody; index: number }) {
  return (
    <li style={{ '--order': String(Math.min(index, shownFirst)) }}>
      <p class="prompt">{edit.prompt}</p>
      <p class="completion">{edit.completion}</p>
      <p class="note">
        {formatNames[edit.format] ?? edit.format}
        {edit.origin !== 'model' && `, ${originNames[edit.origin]}`}
        {edit.reason !== null && `, dropped: ${edit.reason}`}
      </p>
    </li>
  )
}

const originNames: Record<SelfEditBody['origin'], string> = {
  model: 'by the model',
  text: 'in the document’s words',
  given: 'given',
  generator: 'by a model outside',
  review: 'by a reviewer',
}

function kindOf({ kept, held_out: heldOut }: SelfEditBody): Kind {
  return !kept ? 'dropped' : heldOut ? 'held out' : 'trained'
}
