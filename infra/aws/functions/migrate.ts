// A step of each deployment, before the new code serves: brings the tables up to date and makes the model `default`.
import { basename } from 'node:path'
import { parseConfig } from '../../../shared/config.ts'
import { openDatabase } from '../../../shared/database/database.ts'
import { ensureModel } from '../../../shared/models/ensure-model.ts'
import { readSecrets } from '../../../shared/secrets/read-secrets.ts'
import { applyMigrations } from '../../local/migrations.ts'

export async function handler(): Promise<void> {
  const config = parseConfig({ ...process.env, ...(await readSecrets(process.env['SECRETS_PATH'])) })
  await applyMigrations(config.databaseUrl)
  const database = openDatabase(config.databaseUrl, { connectionsMax: 1 })
  try {
    await ensureModel(database.query, { name: 'default', base: basename(config.baseModel) })
  } finally {
    await database.close()
  }
}
