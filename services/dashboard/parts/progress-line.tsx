/** How far an update is: `fraction` of the whole, 0 to 1. */
export function ProgressLine({ phase, fraction, label }: { phase: string; fraction: number; label: string }) {
  const percent = Math.round(fraction * 100)
  return (
    <div class="progress">
      <div
        class="progress-track"
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        aria-valuetext={`${percent} %, ${phase}`}
      >
        <div class="progress-bar" style={{ width: `${percent}%` }} />
      </div>
      <p>
        <span class="number">{percent} %</span> {phase}
      </p>
    </div>
  )
}
