// Secrets of a process that runs on AWS and is not handed its environment whole: the parameters under one path, e.g.
// /palimpsest/production/DATABASE_URL, each named as the variable it stands for.
import { basename } from 'node:path'
import { paginateGetParametersByPath, SSMClient } from '@aws-sdk/client-ssm'

/** Variable to value; none without a path. Throws what SSM refuses. */
export async function readSecrets(path: string | undefined): Promise<Record<string, string>> {
  if (path === undefined) return {}
  const client = new SSMClient({})
  const secrets: Record<string, string> = {}
  for await (const page of paginateGetParametersByPath({ client }, { Path: path, WithDecryption: true }))
    for (const { Name, Value } of page.Parameters ?? [])
      if (Name !== undefined && Value !== undefined) secrets[basename(Name)] = Value
  return secrets
}
