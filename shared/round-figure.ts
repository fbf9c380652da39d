/**
 * A measured number as it leaves the server: six significant digits, more than any measurement here holds. Inside nothing is
 * rounded, so that what is computed from it is not either.
 */
export function roundFigure(value: number): number
export function roundFigure(value: number | null): number | null
export function roundFigure(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(6))
}
