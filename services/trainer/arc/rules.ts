// Grid tasks made by rule, for teaching a base the form of such tasks once. Each family draws one rule and inputs on which
// the rule shows; directions and colours are varied over all families alike by make-rule-task.ts. They are the common ideas
// of such puzzles, each in its plainest form; no task of ARC is rebuilt.
import { shuffle } from '../../engine/random.ts'
import type { Random } from '../../engine/random.ts'
import { COLOURS } from './grid.ts'
import type { Grid } from './grid.ts'
import { heightOf, makeGrid, SYMMETRIES, widthOf } from './transforms.ts'

export interface Rule {
  input(): Grid
  output(input: Grid): Grid
}

/** Draws a rule whose grids have no side over `sideMax`, which is at least 6. */
type Family = (random: Random, sideMax: number) => Rule

const whole = (random: Random, least: number, most: number): number => least + Math.floor(random() * (most - least + 1))
const at = (grid: Grid, y: number, x: number): number => grid[y]?.[x] ?? 0
const coloursFrom = (random: Random, count: number): number[] =>
  shuffle(
    Array.from({ length: COLOURS - 1 }, (_, index) => index + 1),
    random,
  ).slice(0, count)

/** Cells of these colours on ground 0; `density` of them are not ground. */
function scatter(
  random: Random,
  height: number,
  width: number,
  density: number,
  colours = coloursFrom(random, 3),
): Grid {
  return makeGrid(height, width, () => (random() < density ? (colours[whole(random, 0, colours.length - 1)] ?? 0) : 0))
}

/** A pattern that nearly always tells its symmetries apart. */
const anyGrid = (random: Random, least: number, most: number): Grid =>
  scatter(random, whole(random, least, most), whole(random, least, most), 0.6)

const counts = (grid: Grid): Map<number, number> => {
  const all = new Map<number, number>()
  for (const colour of grid.flat()) all.set(colour, (all.get(colour) ?? 0) + 1)
  return all
}

const mapCells = (grid: Grid, to: (colour: number, y: number, x: number) => number): Grid =>
  grid.map((row, y) => row.map((colour, x) => to(colour, y, x)))

export const RULES: Readonly<Record<string, Family>> = {
  turn(random, sideMax) {
    const symmetry = SYMMETRIES[whole(random, 1, SYMMETRIES.length - 1)]
    return { input: () => anyGrid(random, 2, Math.min(5, sideMax)), output: (grid) => symmetry?.apply(grid) ?? grid }
  },
  recolour(random) {
    const [one = 1, other = 2, third = 3] = coloursFrom(random, 3)
    const both = random() < 0.5
    return {
      input: () => scatter(random, whole(random, 2, 5), whole(random, 2, 5), 0.7, both ? [one, other] : [one, third]),
      output: (grid) => mapCells(grid, (colour) => (colour === one ? other : both && colour === other ? one : colour)),
    }
  },
  reflect_beside(random, sideMax) {
    const first = random() < 0.5
    const most = Math.min(4, Math.floor(sideMax / 2))
    return {
      input: () => anyGrid(random, 2, most),
      output: (grid) => grid.map((row) => (first ? [...row.toReversed(), ...row] : [...row, ...row.toReversed()])),
    }
  },
  repeat(random, sideMax) {
    const down = random() < 0.5 ? 2 : 1
    const most = Math.min(4, Math.floor(sideMax / 2))
    return {
      input: () => anyGrid(random, 2, most),
      output: (grid) =>
        makeGrid(down * heightOf(grid), 2 * widthOf(grid), (y, x) => at(grid, y % heightOf(grid), x % widthOf(grid))),
    }
  },
  enlarge(random, sideMax) {
    const factor = random() < 0.6 ? 2 : 3
    return {
      input: () => anyGrid(random, 2, Math.min(3, Math.floor(sideMax / factor))),
      output: (grid) =>
        makeGrid(factor * heightOf(grid), factor * widthOf(grid), (y, x) =>
          at(grid, Math.floor(y / factor), Math.floor(x / factor)),
        ),
    }
  },
  crop(random, sideMax) {
    return {
      input() {
        const side = whole(random, 4, Math.min(6, sideMax))
        const [height, width] = [whole(random, 2, 3), whole(random, 2, 3)]
        const shape = scatter(random, height, width, 1)
        const [top, left] = [whole(random, 0, side - height), whole(random, 0, side - width)]
        return makeGrid(side, side, (y, x) => at(shape, y - top, x - left))
      },
      output(grid) {
        const places = grid.flatMap((row, y) => row.flatMap((colour, x) => (colour === 0 ? [] : [{ y, x }])))
        const [ys, xs] = [places.map(({ y }) => y), places.map(({ x }) => x)]
        const [top, left] = [Math.min(...ys), Math.min(...xs)]
        return makeGrid(Math.max(...ys) - top + 1, Math.max(...xs) - left + 1, (y, x) => at(grid, top + y, left + x))
      },
    }
  },
  fall(random, sideMax) {
    return {
      input: () => scatter(random, whole(random, 3, Math.min(5, sideMax)), whole(random, 2, 5), 0.4),
      output(grid) {
        const fallen = Array.from({ length: widthOf(grid) }, (_, x) => {
          const column = grid.map((row) => row[x] ?? 0).filter((colour) => colour !== 0)
          return [...new Array<number>(heightOf(grid) - column.length).fill(0), ...column]
        })
        return makeGrid(heightOf(grid), widthOf(grid), (y, x) => at(fallen, x, y))
      },
    }
  },
  shift(random, sideMax) {
    const by = whole(random, 1, 2)
    return {
      input: () => anyGrid(random, 3, Math.min(5, sideMax)),
      output: (grid) => mapCells(grid, (_, y, x) => at(grid, y, (x + by) % widthOf(grid))),
    }
  },
  part(random, sideMax) {
    const quarter = random() < 0.5
    return {
      input: () => {
        const half = whole(random, 2, Math.min(3, Math.floor(sideMax / 2)))
        return scatter(random, quarter ? 2 * half : whole(random, 2, 4), 2 * half, 0.7)
      },
      output: (grid) =>
        makeGrid(quarter ? heightOf(grid) / 2 : heightOf(grid), widthOf(grid) / 2, (y, x) => at(grid, y, x)),
    }
  },
  commonest(random) {
    const everywhere = random() < 0.5
    return {
      input() {
        const [height, width] = [whole(random, 3, 4), whole(random, 3, 4)]
        const [main = 1, ...others] = coloursFrom(random, 3)
        const grid = makeGrid(height, width, () => (random() < 0.5 ? main : (others[whole(random, 0, 1)] ?? main)))
        const most = Math.max(...counts(grid).values())
        // One winner, or the rule does not show.
        return [...counts(grid).values()].filter((count) => count === most).length === 1
          ? grid
          : mapCells(grid, () => main)
      },
      output(grid) {
        const [[winner] = [0]] = [...counts(grid)].toSorted((a, b) => b[1] - a[1])
        return everywhere ? mapCells(grid, () => winner) : [[winner]]
      },
    }
  },
  count(random, sideMax) {
    const [colour = 1] = coloursFrom(random, 1)
    return {
      input() {
        const cells = shuffle(
          Array.from({ length: 9 }, (_, index) => index),
          random,
        )
        const marked = cells.slice(0, whole(random, 1, Math.min(5, sideMax)))
        return makeGrid(3, 3, (y, x) => (marked.includes(3 * y + x) ? colour : 0))
      },
      output: (grid) => [new Array<number>(counts(grid).get(colour) ?? 0).fill(colour)],
    }
  },
  compare(random, sideMax) {
    const [mark = 1, bar = 2, result = 3] = coloursFrom(random, 3)
    const kind = whole(random, 0, 3)
    const holds = (one: boolean, other: boolean): boolean =>
      kind === 0 ? one && other : kind === 1 ? one || other : kind === 2 ? one !== other : !one && !other
    return {
      input() {
        const [height, width] = [whole(random, 2, 4), whole(random, 2, sideMax < 7 ? 2 : 3)]
        const cells = scatter(random, height, 2 * width + 1, 0.5, [mark])
        return mapCells(cells, (colour, _, x) => (x === width ? bar : colour))
      },
      output(grid) {
        const width = (widthOf(grid) - 1) / 2
        return makeGrid(heightOf(grid), width, (y, x) =>
          holds(at(grid, y, x) !== 0, at(grid, y, x + width + 1) !== 0) ? result : 0,
        )
      },
    }
  },
  lines(random, sideMax) {
    const across = random() < 0.5
    return {
      input: () => {
        const side = whole(random, 3, Math.min(6, sideMax))
        const [y, x] = [whole(random, 0, side - 1), whole(random, 0, side - 1)]
        const [colour = 1] = coloursFrom(random, 1)
        return makeGrid(side, side, (row, column) => (row === y && column === x ? colour : 0))
      },
      output(grid) {
        const y = grid.findIndex((row) => row.some((colour) => colour !== 0))
        const x = grid[y]?.findIndex((colour) => colour !== 0) ?? 0
        return mapCells(grid, (_, row, column) => (row === y || (across && column === x) ? at(grid, y, x) : 0))
      },
    }
  },
  erase(random) {
    const [gone = 1, ...others] = coloursFrom(random, 3)
    return {
      input: () => scatter(random, whole(random, 3, 5), whole(random, 3, 5), 0.7, [gone, ...others]),
      output: (grid) => mapCells(grid, (colour) => (colour === gone ? 0 : colour)),
    }
  },
  frame(random, sideMax) {
    const [colour = 1] = coloursFrom(random, 1)
    return {
      input: () => anyGrid(random, 3, Math.min(5, sideMax)),
      output: (grid) =>
        mapCells(grid, (own, y, x) => (y % (heightOf(grid) - 1) === 0 || x % (widthOf(grid) - 1) === 0 ? colour : own)),
    }
  },
  negative(random) {
    return {
      input: () => scatter(random, whole(random, 2, 4), whole(random, 2, 4), 0.5, coloursFrom(random, 1)),
      output(grid) {
        const colour = Math.max(...grid.flat())
        return mapCells(grid, (own) => (own === 0 ? colour : 0))
      },
    }
  },
  complete(random, sideMax) {
    return {
      input() {
        const half = scatter(random, whole(random, 2, 4), Math.min(3, Math.floor(sideMax / 2)), 0.7)
        return half.map((row) => [...row, ...row.map(() => 0)])
      },
      output: (grid) => mapCells(grid, (own, y, x) => (own === 0 ? at(grid, y, widthOf(grid) - 1 - x) : own)),
    }
  },
  fill(random, sideMax) {
    const [inside = 1] = coloursFrom(random, 1)
    return {
      input() {
        const side = whole(random, 5, Math.min(6, sideMax))
        const [height, width] = [whole(random, 3, side - 1), whole(random, 3, side - 1)]
        const [top, left] = [whole(random, 0, side - height), whole(random, 0, side - width)]
        const [edge = 1] = coloursFrom(random, 9).filter((colour) => colour !== inside)
        const onEdge = (place: number, size: number): boolean => place === 0 || place === size - 1
        return makeGrid(side, side, (row, column) => {
          const [y, x] = [row - top, column - left]
          if (y < 0 || x < 0 || y >= height || x >= width) return 0
          return onEdge(y, height) || onEdge(x, width) ? edge : 0
        })
      },
      output(grid) {
        const between = (row: readonly number[], x: number): boolean =>
          row.slice(0, x).some((colour) => colour !== 0) && row.slice(x + 1).some((colour) => colour !== 0)
        return mapCells(grid, (own, y, x) =>
          own === 0 &&
          between(grid[y] ?? [], x) &&
          between(
            grid.map((row) => row[x] ?? 0),
            y,
          )
            ? inside
            : own,
        )
      },
    }
  },
}
