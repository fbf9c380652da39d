// Roles that may do what is written beside them, and nothing else.

export interface Statement {
  actions: string[]
  resources: $util.Input<string>[]
}

/** A role for one AWS service, with its permissions inline. */
export function createRole(name: string, service: string, statements: Statement[]): aws.iam.Role {
  return new aws.iam.Role(name, {
    assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: service }),
    // AWS refuses a policy that says nothing.
    inlinePolicies: statements.length === 0 ? [] : [{ name: 'permissions', policy: policyOf(statements) }],
  })
}

/** The policy's text. */
function policyOf(statements: Statement[]): $util.Output<string> {
  return $util.jsonStringify({
    Version: '2012-10-17',
    Statement: statements.map(({ actions, resources }) => ({ Effect: 'Allow', Action: actions, Resource: resources })),
  })
}

/** Reading and writing objects of the bucket; never its settings or its old versions. */
export function objectAccess(bucketArn: $util.Input<string>): Statement[] {
  return [
    { actions: ['s3:ListBucket'], resources: [bucketArn] },
    {
      actions: ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload', 's3:DeleteObject'],
      resources: [$interpolate`${bucketArn}/*`],
    },
  ]
}

export function writeLog(group: aws.cloudwatch.LogGroup): Statement {
  return { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [$interpolate`${group.arn}:*`] }
}
