// The first step of compose.yaml: the tables, before anything asks for them.
import { parseConfig } from '../../shared/config.ts'
import { applyMigrations } from '../local/migrations.ts'

await applyMigrations(parseConfig(process.env).databaseUrl)
