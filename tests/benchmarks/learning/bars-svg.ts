// A bar for each arm with its 95 % interval as a line, drawn by hand: two shapes and a scale need no library. Colours
// read on white and on dark alike, since the page that shows it decides the background.
import type { Figure } from './figures.ts'

export interface Bar {
  name: string
  figure: Figure
  /** Drawn in the strong colour. */
  strong?: boolean
}

const [ROW, BAR, LABEL, PLOT, RIGHT, TOP, BOTTOM] = [26, 16, 190, 420, 70, 40, 30]
const INK = '#7a7a7a'
const [WEAK, STRONG] = ['#9db4c8', '#2f6fa8']

/** `most` ends the scale (1 for accuracies unless a bar is longer). */
export function drawBars(title: string, bars: readonly Bar[], options: { most?: number } = {}): string {
  const ends = bars.flatMap(({ figure }) => [figure.value ?? 0, figure.interval?.high ?? 0])
  const least = Math.min(0, ...bars.flatMap(({ figure }) => [figure.value ?? 0, figure.interval?.low ?? 0]))
  const most = Math.max(options.most ?? 0, ...ends, 0.05)
  const x = (value: number): number => round(LABEL + (PLOT * (value - least)) / (most - least))
  const height = TOP + bars.length * ROW + BOTTOM
  const width = LABEL + PLOT + RIGHT
  const ticks = tickValues(least, most).map((value) => drawTick(x(value), value, height))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<title>${escapeXml(title)}</title>`,
    `<text x="8" y="20" font-size="14" fill="${INK}">${escapeXml(title)}</text>`,
    ...ticks,
    ...bars.map((bar, index) => drawBar(bar, TOP + index * ROW, x)),
    '</svg>',
    '',
  ].join('\n')
}

function drawBar({ name, figure, strong }: Bar, top: number, x: (value: number) => number): string {
  const middle = top + ROW / 2
  const label = `<text x="${LABEL - 8}" y="${middle + 4}" text-anchor="end" fill="${INK}">${escapeXml(name)}</text>`
  const { value, interval } = figure
  if (value === null) return label
  const [from, to] = [x(Math.min(0, value)), x(Math.max(0, value))]
  const y = middle - BAR / 2
  const fill = strong === true ? STRONG : WEAK
  const shape = `<rect x="${from}" y="${y}" width="${round(to - from)}" height="${BAR}" fill="${fill}"/>`
  const end = x(Math.max(value, interval?.high ?? value, 0))
  const text = `<text x="${end + 6}" y="${middle + 4}" fill="${INK}">${value.toFixed(2)}</text>`
  const whisker =
    interval === null
      ? []
      : [`<path d="M${x(interval.low)} ${middle}H${x(interval.high)}" stroke="#1b1b1b" stroke-width="2"/>`]
  return [label, shape, ...whisker, text].join('\n')
}

function drawTick(x: number, value: number, height: number): string {
  const line = `<path d="M${x} ${TOP - 6}V${height - BOTTOM}" stroke="${INK}" stroke-opacity=".35"/>`
  return `${line}\n<text x="${x}" y="${height - 10}" text-anchor="middle" fill="${INK}">${value}</text>`
}

/** Round values, five or so of them. */
function tickValues(least: number, most: number): number[] {
  const step = [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5].find((size) => (most - least) / size <= 6) ?? 10
  const first = Math.ceil(least / step)
  const count = Math.floor(most / step) - first
  return Array.from({ length: count + 1 }, (_, index) => round((first + index) * step))
}

export const round = (value: number): number => Math.round(100 * value) / 100

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
