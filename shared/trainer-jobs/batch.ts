// What is asked of a batch service: AWS Batch (aws-batch.ts), and in tests one that keeps its jobs in memory.

export interface Batch {
  /** Starts a trainer that drains the model's queue and exits; returns the job's id. */
  submit(modelName: string): Promise<string>
  /** Those of the jobs that wait or run. */
  findAlive(jobIds: readonly string[]): Promise<Set<string>>
}
