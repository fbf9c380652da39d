// One version in the timeline: what it brought, what was decided, what it knows, and the way back to it.
import { Link } from 'wouter-preact'
import { rollBack } from '../wire/roll-back.ts'
import type { Retention, Update, VersionBody } from '../wire/types.ts'
import { Band } from './band.tsx'
import { Moment } from './moment.tsx'
import { TallyLine } from './tally.tsx'

interface VersionItemProps {
  version: VersionBody
  update: Update | undefined
  retention: Retention | undefined
  standing: 'head' | 'line' | 'aside'
  head: number | undefined
}

export function VersionItem({ version, update, retention, standing, head }: VersionItemProps) {
  const { version: number, parent, verdict, model } = version
  const rolledBackTo = version.promotions.filter(({ reason }) => reason === 'rolled_back').length
  return (
    <li class={`timeline-item ${standing}`}>
      <div class="timeline-head">
        <h2>
          <span class="version-number">v{number}</span> {titleOf(version, update, retention)}
        </h2>
        {standing === 'head' && <span class="head-mark">answers now</span>}
        {standing === 'aside' && <span class="aside-mark">rolled back from</span>}
      </div>
      <p class="timeline-verdict">
        {verdict !== null && update !== undefined && <Link href={`/updates/${update.id}`}>{verdictOf(version)}</Link>}
        {verdict !== null && update === undefined && verdictOf(version)}
        {update?.learned && <TallyLine tally={update.learned} what="of its own questions" />}
        {update?.retained && (
          <>
            <span class="hint">older</span> <TallyLine tally={update.retained} what="of the older questions" />
          </>
        )}
      </p>
      <KnownBand number={number} retention={retention} />
      <p class="timeline-foot">
        <Moment at={version.created_at} />
        {parent !== null && <Link href={`/versions/${parent}/${number}`}>What changed since v{parent}</Link>}
        {rolledBackTo > 0 && <span>rolled back to {rolledBackTo === 1 ? 'once' : `${rolledBackTo} times`}</span>}
        {standing !== 'head' && head !== undefined && (
          <button type="button" onClick={() => void rollBack(model, number, head)}>
            Make v{number} answer
          </button>
        )}
      </p>
    </li>
  )
}

function KnownBand({ number, retention }: { number: number; retention: Retention | undefined }) {
  const row = retention?.versions.indexOf(number) ?? -1
  if (retention === undefined || row < 0 || retention.documents.length === 0) return null
  const cells = retention.documents.map(({ title }, column) => ({
    name: title,
    cell: retention.matrix[row]?.[column] ?? null,
  }))
  return <Band cells={cells} />
}

function titleOf(
  { version, verdict }: VersionBody,
  update: Update | undefined,
  retention: Retention | undefined,
): string {
  if (version === 0) return 'The untouched base'
  if (update?.kind === 'consolidate') return 'All adapters made one'
  const titles = retention?.documents.filter((document) => update?.document_ids.includes(document.id)) ?? []
  return titles.map(({ title }) => title).join(', ') || verdict?.reason || 'An update'
}

function verdictOf({ verdict }: VersionBody): string {
  if (verdict === null) return ''
  const strength = verdict.action === 'clip' ? `clipped to ${Math.round(verdict.scale * 100)} %` : 'promoted'
  return verdict.regressed ? `${strength}, with a regression` : strength
}

/** A candidate that became no version. */
export function RejectedItem({ update }: { update: Update }) {
  return (
    <li class="timeline-item rejected">
      <div class="timeline-head">
        <h2>
          <Link href={`/updates/${update.id}`}>A candidate was rejected</Link>
        </h2>
      </div>
      <p class="timeline-verdict">
        {update.verdict?.reason}
        {update.retained && (
          <>
            {' '}
            <span class="hint">older</span> <TallyLine tally={update.retained} what="of the older questions" />
          </>
        )}
      </p>
      {update.finished_at !== null && (
        <p class="timeline-foot">
          <Moment at={update.finished_at} />
        </p>
      )}
    </li>
  )
}
