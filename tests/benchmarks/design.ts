// `npm run bench:design`: the simulations behind docs/scale.md, seeded. They know nothing of the service
// but its rules: adapters are kept by recent use and models are spread over shards; the oldest update whose model is free goes
// first.
import { simulateCache } from './design/simulate-cache.ts'
import { simulateQueue } from './design/simulate-queue.ts'

const percent = (share: number) => `${(100 * share).toFixed(1)} %`

console.log(
  '10,000 models of 1,000 documents; questions by Zipf (exponent 1 among models, and as said among documents)\n',
)
console.log(
  '| adapters kept in all | of all | 8 shards, documents .6 | documents 1.0 | 64 shards, documents .6 |\n|---|---|---|---|---|',
)
for (const kept of [1_000, 10_000, 100_000]) {
  const rate = (shards: number, documentSkew: number) =>
    simulateCache({
      ...{ models: 10_000, documentsEach: 1_000, shards, capacity: kept / shards, modelSkew: 1, documentSkew },
      // Enough to fill the largest cache, and as many again to count.
      ...{ questions: Math.max(200_000, 5 * kept), seed: 1 },
    })
  const rates = [rate(8, 0.6), rate(8, 1), rate(64, 0.6)].map(percent)
  console.log(`| ${kept} | ${percent(kept / 10_000_000)} | ${rates.join(' | ')} |`)
}

console.log('\nupdates of 60 s (exponential), 10,000 models, documents among models by Zipf\n')
console.log(
  '| trainers | busy | exponent | p50 wait, s | p95 wait, s | arrived behind their own model |\n|---|---|---|---|---|---|',
)
for (const [trainers, utilisation, modelSkew] of [
  ...[[8, 0.5, 0.6] as const, [8, 0.8, 0.6] as const, [8, 0.95, 0.6] as const],
  ...[[64, 0.5, 0.6] as const, [64, 0.8, 0.6] as const, [64, 0.95, 0.6] as const],
  ...[[64, 0.8, 0.8] as const, [64, 0.8, 1] as const],
]) {
  const waits = simulateQueue({
    ...{ models: 10_000, modelSkew, trainers, utilisation, updateSeconds: 60, updates: 20_000, seed: 1 },
  })
  const cells = [waits.p50Seconds.toFixed(0), waits.p95Seconds.toFixed(0), percent(waits.behindOwnModel)]
  console.log(`| ${trainers} | ${percent(utilisation)} | ${modelSkew} | ${cells.join(' | ')} |`)
}
