// Secrets lie in SSM, encrypted, under a path of the stage; processes read them there or are handed them by AWS. The key
// is set once: `npx sst@4.17.1 secret set ApiKey "$(openssl rand -hex 24)" --stage production`.
import { database } from './database.ts'

const apiKey = new sst.Secret('ApiKey')

/** Of all that may be read with one permission; a parameter's name goes on with the variable's. */
export const secretsPath = `/palimpsest/${$app.stage}/`

const { username, password, host, port, database: name } = database

export const databaseUrl = new aws.ssm.Parameter('DatabaseUrl', {
  name: `${secretsPath}DATABASE_URL`,
  type: 'SecureString',
  value: $interpolate`postgres://${username}:${password}@${host}:${port}/${name}?sslmode=verify-full`,
})

export const apiKeyParameter = new aws.ssm.Parameter('ApiKeyParameter', {
  name: `${secretsPath}PALIMPSEST_API_KEY`,
  type: 'SecureString',
  value: apiKey.value,
})
