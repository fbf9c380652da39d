// The API behind a function URL that streams. The address is open to the internet as the API is: each call is checked by
// its key.
import { bucket } from './bucket.ts'
import { createFunction } from './functions.ts'
import { inferenceUrl } from './inference-address.ts'
import { migration } from './migration.ts'
import { objectAccess } from './roles.ts'
import { settings } from './settings.ts'
import { submitEnvironment, submitJobs } from './trainer.ts'

export const api = createFunction('Api', {
  handler: 'services/api/lambda.handler',
  memoryMegabytes: 1024,
  // An event stream lasts as long; clients go on where it ended.
  timeoutSeconds: 900,
  atOnceMax: settings.requestsMax,
  statements: [...objectAccess(bucket.arn), ...submitJobs],
  environment: { ...submitEnvironment, ENGINE_URL: inferenceUrl },
  dependsOn: [migration],
})

const address = new aws.lambda.FunctionUrl('ApiUrl', {
  functionName: api.name,
  authorizationType: 'NONE',
  invokeMode: 'RESPONSE_STREAM',
})

// AWS asks for both where an address needs no signature.
new aws.lambda.Permission('ApiUrlAnybody', {
  function: api.name,
  action: 'lambda:InvokeFunctionUrl',
  principal: '*',
  functionUrlAuthType: 'NONE',
})
new aws.lambda.Permission('ApiUrlInvoke', {
  function: api.name,
  action: 'lambda:InvokeFunction',
  principal: '*',
  invokedViaFunctionUrl: true,
})

export const url = address.functionUrl
