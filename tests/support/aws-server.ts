// What AWS answers over HTTP to the calls that this project makes of Batch and SSM, in the form that their clients read;
// the clients are the real ones, led here by AWS_ENDPOINT_URL.
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'

export interface AwsServer {
  /** What the processes under test must have in their environment. */
  env: Record<string, string>
  /** In the order of submission; tests set the status. */
  jobs: { jobId: string; jobName: string; parameters: { model: string }; status: string }[]
  /** Name to value. */
  parameters: Record<string, string>
  /** Batch refuses each call while it is set. */
  refusing: boolean
  stop(): Promise<void>
}

export async function startAwsServer(): Promise<AwsServer> {
  const server = createServer((request, response) => {
    void readJson(request).then((body) => {
      const answer = answerTo(request, body)
      response.writeHead(answer === undefined ? 400 : 200, { 'content-type': 'application/json' })
      response.end(JSON.stringify(answer ?? { message: 'refused' }))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const aws: AwsServer = {
    env: {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      TRAINER_JOB_QUEUE: 'queue',
      TRAINER_JOB_DEFINITION: 'definition',
    },
    jobs: [],
    parameters: {},
    refusing: false,
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return aws

  function answerTo(request: IncomingMessage, body: Record<string, unknown>): unknown {
    if (request.headers['x-amz-target'] === 'AmazonSSM.GetParametersByPath') {
      const path = String(body['Path'])
      const under = Object.entries(aws.parameters).filter(([name]) => name.startsWith(path))
      return { Parameters: under.map(([Name, Value]) => ({ Name, Value, Type: 'SecureString' })) }
    }
    if (aws.refusing) return undefined
    if (request.url === '/v1/submitjob') {
      const { jobName, parameters } = body as { jobName: string; parameters: { model: string } }
      const job = { jobId: `job-${aws.jobs.length + 1}`, jobName, parameters, status: 'SUBMITTED' }
      aws.jobs.push(job)
      return { jobId: job.jobId, jobName, jobArn: `arn:${job.jobId}` }
    }
    if (request.url === '/v1/describejobs') {
      const { jobs } = body as { jobs: string[] }
      return { jobs: aws.jobs.filter(({ jobId }) => jobs.includes(jobId)) }
    }
    return undefined
  }
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return JSON.parse(text === '' ? '{}' : text) as Record<string, unknown>
}
