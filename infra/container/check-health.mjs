// The container's health check: 0 when the process answers that it is ready. A trainer answers nobody; its sign of life is
// the lease that it renews.
const [url = 'http://127.0.0.1:8788/health'] = process.argv.slice(2)
const healthy = await fetch(url, { signal: AbortSignal.timeout(4_000) }).then(
  (response) => response.ok,
  () => false,
)
process.exitCode = healthy ? 0 : 1
