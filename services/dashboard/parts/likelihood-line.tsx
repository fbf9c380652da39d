// Two readings of one question on a line: a ring where the right answer's log-likelihood was, a dot where it is.
import { scaleLinear, type ScaleLinear } from 'd3-scale'
import { nats } from './format.ts'

const width = 132
const height = 18
const margin = 6

/** From the least likely of the table to certain, so that its rows can be compared. */
export function likelihoodScale(values: readonly number[]): ScaleLinear<number, number> {
  return scaleLinear([Math.min(-1, ...values.map((value) => Math.max(value, -15))), 0], [margin, width - margin]).clamp(
    true,
  )
}

interface LikelihoodLineProps {
  scale: ScaleLinear<number, number>
  before: number | undefined
  after: number
}

export function LikelihoodLine({ scale, before, after }: LikelihoodLineProps) {
  const middle = height / 2
  const tone = before === undefined || Math.abs(after - before) < 0.05 ? '' : after > before ? 'gain' : 'loss'
  const said = before === undefined ? nats(after) : `${nats(before)} → ${nats(after)}`
  return (
    <span class={`likelihood-line ${tone}`}>
      <svg width={width} height={height} aria-hidden="true">
        <line class="axis" x1={margin} x2={width - margin} y1={middle} y2={middle} />
        {before !== undefined && (
          <>
            <line class="change" x1={scale(before)} x2={scale(after)} y1={middle} y2={middle} />
            <circle class="before" cx={scale(before)} cy={middle} r="3.5" />
          </>
        )}
        <circle class="after" cx={scale(after)} cy={middle} r="4" />
      </svg>
      <span class="number">{said}</span>
    </span>
  )
}
