// Accuracy after each update as colours: a row an update (the base first), a column a document. What is forgotten shows
// as a column that pales downwards.
import { escapeXml, round } from '../learning/bars-svg.ts'

const [LABEL, TOP, RIGHT, BOTTOM] = [64, 58, 16, 34]
const [CELL_MAX, PLOT] = [44, 520]
const INK = '#7a7a7a'
/** Cells this wide hold their number. */
const NUMBER_CELL_MIN = 26

/** Values 0 to 1; null where nothing was asked. `most` is the value of the full colour. */
export function drawHeatmap(
  title: string,
  matrix: readonly (readonly (number | null)[])[],
  { most = 1 }: { most?: number } = {},
): string {
  const columns = matrix[0]?.length ?? 0
  const cell = Math.min(CELL_MAX, PLOT / Math.max(1, columns))
  const width = round(LABEL + Math.max(columns * cell, 220) + RIGHT)
  const height = round(TOP + matrix.length * cell + BOTTOM)
  // Labels of thin rows and columns would lie on each other.
  const [rowStep, columnStep] = [Math.ceil(14 / cell), Math.ceil(28 / cell)]
  const rows = matrix.flatMap((row, index) => {
    const y = TOP + index * cell
    const label = index === 0 ? 'base' : `after ${index}`
    const shown = index === 0 || index % rowStep === 0
    return [
      ...(shown ? [text(LABEL - 6, y + cell / 2 + 4, label, 'end')] : []),
      ...row.map((value, column) => drawCell(LABEL + column * cell, y, cell, value, most)),
    ]
  })
  const heads = Array.from({ length: columns }, (_, column) =>
    column % columnStep === 0 ? text(LABEL + (column + 0.5) * cell, TOP - 6, `d${column + 1}`, 'middle') : '',
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<title>${escapeXml(title)}</title>`,
    `<text x="8" y="20" font-size="14" fill="${INK}">${escapeXml(title)}</text>`,
    ...heads.filter((head) => head !== ''),
    ...rows,
    text(LABEL, height - 10, `white 0, full colour ${round(most)}; grey: not asked`, 'start'),
    '</svg>',
    '',
  ].join('\n')
}

function drawCell(x: number, y: number, cell: number, value: number | null, most: number): string {
  const size = round(cell - 1)
  const place = `x="${round(x)}" y="${round(y)}" width="${size}" height="${size}"`
  if (value === null) return `<rect ${place} fill="${INK}" fill-opacity=".15"/>`
  const strength = Math.min(1, Math.max(0, value / most))
  const shape = `<rect ${place} fill="${colourOf(strength)}"/>`
  if (cell < NUMBER_CELL_MIN) return shape
  const ink = strength > 0.55 ? '#ffffff' : '#1b1b1b'
  const number = value.toFixed(2).replace(/^0/, '')
  return `${shape}${text(x + size / 2, y + cell / 2 + 4, number, 'middle', ink)}`
}

/** From white to a deep blue. */
function colourOf(strength: number): string {
  const part = (from: number, to: number) => Math.round(from + (to - from) * strength)
  return `rgb(${part(255, 24)},${part(255, 78)},${part(255, 140)})`
}

function text(x: number, y: number, content: string, anchor: string, fill = INK): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" fill="${fill}">${escapeXml(content)}</text>`
}
