// How the loss fell over the steps of training. The scale is logarithmic, because it falls by factors.
import { scaleLinear, scaleLog } from 'd3-scale'
import { line } from 'd3-shape'
import type { LossPoint } from './use-update-trace.ts'

const size = { width: 640, height: 180, left: 44, right: 64, top: 12, bottom: 26 }

export function LossCurve({ points, running }: { points: readonly LossPoint[]; running: boolean }) {
  const last = points.at(-1)
  const first = points[0]
  if (first === undefined || last === undefined) {
    return running ? <p class="waiting">The first steps of training…</p> : null
  }
  const losses = points.map(({ loss }) => Math.max(loss, 1e-4))
  const x = scaleLinear([0, last.steps], [size.left, size.width - size.right])
  const y = scaleLog([Math.min(...losses) * 0.8, Math.max(...losses) * 1.15], [size.height - size.bottom, size.top])
  const path = line<LossPoint>(
    ({ step }) => x(step),
    ({ loss }) => y(Math.max(loss, 1e-4)),
  )
  const ticks = y.ticks(4).filter((value) => /^[125]/.test(value.toExponential()))
  return (
    <section aria-labelledby="loss">
      <h2 id="loss">Loss</h2>
      <svg
        class="plot"
        viewBox={`0 0 ${size.width} ${size.height}`}
        role="img"
        aria-label={`The loss went from ${first.loss.toFixed(2)} to ${last.loss.toFixed(2)} over ${last.step} of ${last.steps} steps of training.`}
      >
        {ticks.map((value) => (
          <g key={value} class="tick">
            <line x1={size.left} x2={size.width - size.right} y1={y(value)} y2={y(value)} />
            <text x={size.left - 8} y={y(value)} dy="0.35em" text-anchor="end">
              {Number(value.toPrecision(2))}
            </text>
          </g>
        ))}
        {x.ticks(6).map((step) => (
          <text key={step} class="tick-name" x={x(step)} y={size.height - 6} text-anchor="middle">
            {step}
          </text>
        ))}
        <path class="curve" d={path(points) ?? ''} />
        {points.map((point) => (
          <circle key={point.step} class="point" cx={x(point.step)} cy={y(Math.max(point.loss, 1e-4))} r="2" />
        ))}
        <circle class={`end ${running ? 'live' : ''}`} cx={x(last.step)} cy={y(Math.max(last.loss, 1e-4))} r="4" />
        <text class="reading" x={x(last.step) + 10} y={y(Math.max(last.loss, 1e-4))} dy="0.35em">
          {last.loss.toFixed(2)}
        </text>
      </svg>
      <p class="hint">Mean loss on the answers, nats a token, by step of training.</p>
    </section>
  )
}
