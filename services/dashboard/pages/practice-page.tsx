// The practices of a model, the newest first: how far each is, what its rounds gained, and a way to stop or start one.
import { useState } from 'preact/hooks'
import { Link } from 'wouter-preact'
import { count, percent } from '../parts/format.ts'
import { Loaded } from '../parts/loaded.tsx'
import { Moment } from '../parts/moment.tsx'
import { PageHead } from '../parts/page.tsx'
import { ProgressLine } from '../parts/progress-line.tsx'
import { RewardPlot } from '../parts/reward-plot.tsx'
import { StateMark } from '../parts/state-mark.tsx'
import { call } from '../wire/call.ts'
import { chosenModel } from '../wire/chosen-model.ts'
import { refresh, useList } from '../wire/resource.ts'
import type { Practice, Round } from '../wire/types.ts'

export function PracticePage() {
  const practices = useList<Practice>(`/v1/practice?model=${chosenModel.value}`, 5_000)
  return (
    <>
      <PageHead title="Practice" actions={<Start />}>
        The model gets better at studying: of several sets of self-edits about a document the best is kept, and what
        wrote it learns from it. Answers stay as they are until documents are learned anew.
      </PageHead>
      <Loaded of={practices} what="the practices">
        {(list) =>
          list.length === 0 ? (
            <p class="empty">None yet. It takes two documents with questions, and hours.</p>
          ) : (
            list.map((practice) => <PracticeItem key={practice.id} practice={practice} />)
          )
        }
      </Loaded>
    </>
  )
}

function Start() {
  const [trouble, setTrouble] = useState<string>()
  const start = () => ask(`/v1/models/${chosenModel.value}/practice`).then(setTrouble)
  return (
    <>
      <button type="button" onClick={() => void start()}>
        Practise
      </button>
      {trouble !== undefined && (
        <p class="trouble-line" role="alert">
          {trouble}
        </p>
      )}
    </>
  )
}

/** What is wrong, where something is. */
async function ask(path: string): Promise<string | undefined> {
  try {
    await call('POST', path)
    await refresh('/v1/practice')
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function PracticeItem({ practice }: { practice: Practice }) {
  const { id, update_id: updateId, state, progress, rounds, settings, error } = practice
  const [trouble, setTrouble] = useState<string>()
  const running = practice.finished_at === null
  const word = { promoted: 'a better policy', rejected: 'no better policy' }[state as string]
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>
        <Moment at={practice.created_at} /> <StateMark state={state} {...(word === undefined ? {} : { word })} />
      </h2>
      <p class="hint">
        {count(practice.document_ids.length, 'document')}, examined on{' '}
        {count(practice.held_out_document_ids.length, 'other')}, {count(settings.rounds, 'round')} of{' '}
        {count(settings.candidates, 'candidate')}, <Link href={`/updates/${updateId}`}>its place in the queue</Link>
      </p>
      {running && <ProgressLine phase={progress.phase} fraction={progress.fraction} label="Practice" />}
      {running && !practice.cancel_requested && (
        <button type="button" class="quiet" onClick={() => void ask(`/v1/practice/${id}/cancel`).then(setTrouble)}>
          Stop it
        </button>
      )}
      {trouble !== undefined && (
        <p class="trouble-line" role="alert">
          {trouble}
        </p>
      )}
      {error !== null && <p class="trouble-line">{error.message}</p>}
      {rounds.length > 0 && (
        <>
          <RewardPlot rounds={rounds} />
          <RoundTable rounds={rounds} />
        </>
      )}
    </section>
  )
}

function RoundTable({ rounds }: { rounds: readonly Round[] }) {
  const figure = (value: number | null) => (value === null ? '–' : value.toFixed(2))
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label="Rounds">
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">Round</th>
            <th scope="col">Strategy</th>
            <th scope="col">Documents kept</th>
            <th scope="col">Reward</th>
            <th scope="col">of all</th>
            <th scope="col">Reliability</th>
            <th scope="col">Held-out questions</th>
            <th scope="col">Gain a minute: strategies</th>
            <th scope="col">samples</th>
            <th scope="col">Policy</th>
          </tr>
        </thead>
        <tbody>
          {rounds.map((round) => (
            <tr key={round.number}>
              <th scope="row">{round.number}</th>
              <td>{round.strategy ?? '–'}</td>
              <td class="number">{percent(round.kept_share)}</td>
              <td class="number">{figure(round.reward)}</td>
              <td class="number">{figure(round.reward_of_all)}</td>
              <td class="number">{figure(round.reliability)}</td>
              <td>
                {round.accuracy === null
                  ? '–'
                  : `${round.accuracy.after} of ${round.accuracy.total}, ${round.accuracy.before} before`}
              </td>
              <td class="number">{figure(round.per_minute?.strategies ?? null)}</td>
              <td class="number">{figure(round.per_minute?.samples ?? null)}</td>
              <td>{round.state}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
