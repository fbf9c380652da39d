// Who joins the rows that run: the oldest first, younger ones only so often before it.
import { describe, expect, it } from 'vitest'
import type { Adapter } from '../../../services/engine/adapter/adapter.ts'
import { admit, type Admission } from '../../../services/engine/generate/admit.ts'

const limits = { rowsMax: 4, positionsMax: 400, ranksMax: 8 }
const ofRank = (rank: number): Adapter => ({ config: { rank, alpha: 1, targets: [] }, tensors: new Map() })
const row = (adapter: Adapter | null = null, positionsMax = 50): Admission => ({ adapter, positionsMax, overtaken: 0 })

describe('admission', () => {
  it('takes the oldest first, as many as there are rows', () => {
    const waiting = Array.from({ length: 5 }, () => row())
    const admitted = admit(waiting, [row()], limits)
    expect(admitted.joining).toEqual(waiting.slice(0, 3))
    expect(admitted.waiting).toEqual(waiting.slice(3))
  })

  it('lets younger prompts overtake one that does not fit, but only so often', () => {
    const [oldest, running] = [row(ofRank(8)), row(ofRank(1))]
    let overtook = 0
    let waiting: Admission[] = [oldest]
    for (let time = 0; time < 20; time++) {
      const admitted = admit([...waiting, row()], [running], limits)
      overtook += admitted.joining.length
      waiting = admitted.waiting
    }
    expect(overtook).toBe(limits.rowsMax)
    expect(waiting[0]).toBe(oldest)
    expect(admit(waiting, [], limits).joining[0]).toBe(oldest)
  })

  it('lets adapters stand side by side up to their ranks, and one alone whatever its rank', () => {
    const [large, half, other] = [ofRank(100), ofRank(4), ofRank(4)]
    const admitted = admit([row(half), row(other), row(ofRank(1)), row(half), row()], [], { ...limits, rowsMax: 9 })
    expect(admitted.joining.map(({ adapter }) => adapter)).toEqual([half, other, half, null])
    expect(admit([row(large), row(large), row()], [], limits).joining).toHaveLength(3)
  })

  it('never lets the rows take more positions than there is room for, unless one takes them alone', () => {
    expect(admit([row(null, 150)], [row(null, 150), row()], limits).joining).toEqual([])
    expect(admit([row(null, 150)], [row()], limits).joining).toHaveLength(1)
    expect(admit([row(null, 1000), row()], [], limits).joining).toEqual([row(null, 1000)])
  })
})
