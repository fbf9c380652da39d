// Brings a database to the tables of this checkout. drizzle keeps which files were applied in the database itself.
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'

const migrationsFolder = new URL('../../migrations', import.meta.url).pathname

/** Applies what is missing, in one transaction; a second call changes nothing. */
export async function applyMigrations(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await migrate(drizzle({ client }), { migrationsFolder })
  } finally {
    await client.end()
  }
}
