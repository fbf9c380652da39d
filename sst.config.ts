/// <reference path="./.sst/platform/config.d.ts" />

// The service on AWS: `npx sst@4.17.1 deploy --stage dev`, or `--stage production`, whose data outlives every mistake
// made here. docs/operations.md says what it is made of and what it costs.
export default $config({
  app({ stage }) {
    const production = stage === 'production'
    return {
      name: 'palimpsest',
      home: 'aws',
      removal: production ? 'retain' : 'remove',
      protect: production,
      providers: { aws: { region: 'eu-central-1' }, 'docker-build': '0.0.14' },
    }
  },
  async run() {
    await import('./infra/aws/inference.ts')
    await import('./infra/aws/schedules.ts')
    await import('./infra/aws/alarms.ts')
    await import('./infra/aws/budget.ts')
    const { url } = await import('./infra/aws/api.ts')
    return { url }
  },
})
