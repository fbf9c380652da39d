// What was decided and on which numbers: the tests, the budget, what each document lost.
import { Link } from 'wouter-preact'
import type { Update } from '../wire/types.ts'
import { Figures, type Figure } from './figures.tsx'
import { pValue, signed } from './format.ts'
import { TallyLine } from './tally.tsx'

export function VerdictSection({ update }: { update: Update }) {
  const { verdict, error } = update
  return (
    <section aria-labelledby="verdict" class={`verdict ${update.state}`}>
      <h2 id="verdict">Verdict</h2>
      {error !== null && <p class="sentence">{error.message}</p>}
      {verdict !== null && <p class="sentence">{sentenceOf(update)}</p>}
      <Figures figures={figuresOf(update)} />
      {verdict?.regressed === true && (
        <p class="hint">
          Knowledge was damaged: <Link href="/alerts">the alert</Link> shows which questions.
        </p>
      )}
    </section>
  )
}

function sentenceOf({ verdict, version, kind }: Update): string {
  if (verdict === null) return ''
  const action =
    kind === 'evaluate'
      ? 'Asked again'
      : verdict.action === 'reject'
        ? 'Rejected'
        : verdict.action === 'clip'
          ? `Promoted as v${version} at ${Math.round(verdict.scale * 100)} % strength`
          : `Promoted as v${version}`
  return `${action}: ${verdict.reason}`.replace(/\.?$/, '.')
}

function figuresOf({ learned, retained, forgotten, verdict }: Update): Figure[] {
  const pooled = verdict?.retention?.pooled
  const forgetting = verdict?.forgetting
  return [
    ...(learned ? [{ name: 'Learned', value: <TallyLine tally={learned} what="of its own questions" /> }] : []),
    ...(forgotten
      ? [{ name: 'Still answered', value: <TallyLine tally={forgotten} what="of the deleted questions" falling /> }]
      : []),
    ...(retained
      ? [{ name: 'Older questions', value: <TallyLine tally={retained} what="of the older questions" /> }]
      : []),
    ...(pooled && retained
      ? [
          {
            name: 'Older knowledge',
            value: pValue(pooled.p_value),
            note: `${signed(-pooled.mean_loss, 2)} nats a changed question`,
            ...(verdict?.regressed === true ? { tone: 'bad' as const } : {}),
          },
        ]
      : []),
    ...(typeof forgetting?.bits_per_token === 'number'
      ? [{ name: 'Bits a token', value: signed(forgetting.bits_per_token, 3), note: 'older answers became dearer by' }]
      : []),
    ...(typeof forgetting?.kl_bits === 'number'
      ? [{ name: 'Drift', value: forgetting.kl_bits.toFixed(3), note: 'bits a token from the base' }]
      : []),
  ]
}
