// What differs between the stages. Any stage but `production` is one to try things in: small, and gone when it is removed.

const stages = {
  dev: {
    /** Two instances of 3 dollars a month instead of two gateways of 33. */
    nat: 'ec2',
    databaseAcuMax: '2 ACU',
    databaseBackupDays: 1,
    trainersMax: 1,
    /** While questions come. */
    inferences: 1,
    /** Requests that the API answers at once; each may hold two connections to the database. */
    requestsMax: 10,
    /** How often what the calls left behind is looked for. Each look wakes the database for its five minutes. */
    sweepMinutes: 60,
    logDays: 7,
    budgetUsd: 50,
  },
  production: {
    nat: 'managed',
    databaseAcuMax: '16 ACU',
    databaseBackupDays: 14,
    trainersMax: 8,
    inferences: 2,
    requestsMax: 100,
    sweepMinutes: 15,
    logDays: 90,
    budgetUsd: 500,
  },
} as const

export const isProduction = $app.stage === 'production'
export const settings = stages[isProduction ? 'production' : 'dev']
