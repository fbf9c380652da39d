// AWS Batch. The job definition holds image, GPU and time limits (infra/aws/trainer.ts); a job adds the model's name.
import { BatchClient, DescribeJobsCommand, SubmitJobCommand } from '@aws-sdk/client-batch'
import { z } from 'zod'
import type { Batch } from './batch.ts'

const environmentSchema = z.object({ TRAINER_JOB_QUEUE: z.string(), TRAINER_JOB_DEFINITION: z.string() })

/** DescribeJobs takes no more at once. */
const describedMax = 100
const ended = ['SUCCEEDED', 'FAILED']

/** Throws for an environment without the names of queue and definition. */
export function openAwsBatch(env: Record<string, string | undefined>): Batch {
  const { TRAINER_JOB_QUEUE: jobQueue, TRAINER_JOB_DEFINITION: jobDefinition } = environmentSchema.parse(env)
  const client = new BatchClient({})
  return {
    async submit(model) {
      const jobName = `train-${model}`.replaceAll(/[^\w-]/g, '-').slice(0, 128)
      // The definition's command ends in Ref::model.
      const command = new SubmitJobCommand({ jobName, jobQueue, jobDefinition, parameters: { model } })
      const { jobId } = await client.send(command)
      if (jobId === undefined) throw new Error(`Batch took the job ${jobName} without giving it an id`)
      return jobId
    },
    async findAlive(jobIds) {
      const alive = new Set<string>()
      for (let from = 0; from < jobIds.length; from += describedMax) {
        const { jobs = [] } = await client.send(
          new DescribeJobsCommand({ jobs: jobIds.slice(from, from + describedMax) }),
        )
        for (const { jobId, status } of jobs) if (jobId !== undefined && !ended.includes(status ?? '')) alive.add(jobId)
      }
      return alive
    },
  }
}
