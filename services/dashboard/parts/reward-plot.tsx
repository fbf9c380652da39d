// The rewards of a practice by round: of the candidates that were kept, and of all. The space between is what choosing gave.
import { scaleLinear, scalePoint } from 'd3-scale'
import type { Round } from '../wire/types.ts'

const size = { width: 640, height: 180, left: 52, right: 130, top: 14, bottom: 28 }

export function RewardPlot({ rounds }: { rounds: readonly Round[] }) {
  const measured = rounds.flatMap(({ number, reward, reward_of_all: ofAll }) =>
    ofAll === null ? [] : [{ number, kept: reward, ofAll }],
  )
  if (measured.length === 0) return null
  const values = measured.flatMap(({ kept, ofAll }) => (kept === null ? [ofAll] : [kept, ofAll]))
  const [least, most] = [Math.min(0, ...values), Math.max(0, ...values)]
  const y = scaleLinear([least, most === least ? least + 1 : most], [size.height - size.bottom, size.top]).nice()
  const names = measured.map(({ number }) => String(number))
  const x = scalePoint(names, [size.left, size.width - size.right]).padding(0.5)
  const said = measured.map(
    ({ number, kept, ofAll }) =>
      `round ${number}: ${kept === null ? 'none kept' : kept.toFixed(2)}, all ${ofAll.toFixed(2)}`,
  )
  return (
    <>
      <svg
        class="plot"
        viewBox={`0 0 ${size.width} ${size.height}`}
        role="img"
        aria-label={`Mean reward of the kept candidates and of all, ${said.join('; ')}.`}
      >
        {y.ticks(4).map((value) => (
          <g key={value} class="tick">
            <line x1={size.left} x2={size.width - size.right} y1={y(value)} y2={y(value)} />
            <text x={size.left - 8} y={y(value)} dy="0.35em" text-anchor="end">
              {value}
            </text>
          </g>
        ))}
        {measured.map(({ number, kept, ofAll }) => {
          const at = x(String(number)) ?? 0
          return (
            <g key={number}>
              <text class="tick-name" x={at} y={size.height - 8} text-anchor="middle">
                round {number}
              </text>
              {kept !== null && <line class="curve" x1={at} x2={at} y1={y(ofAll)} y2={y(kept)} />}
              <circle class="point" cx={at} cy={y(ofAll)} r="4" />
              {kept !== null && <circle class="end" cx={at} cy={y(kept)} r="5" />}
              <text class="reading" x={at + 12} y={y(kept ?? ofAll)} dy="0.35em">
                {(kept ?? ofAll).toFixed(2)}
              </text>
            </g>
          )
        })}
      </svg>
      <p class="hint">Mean reward by round: the figure is of the sets that were kept, the other point of all tried.</p>
    </>
  )
}
