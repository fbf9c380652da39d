import { errorOf } from '../client/palimpsest-error.ts'
import type { Palimpsest } from '../client/palimpsest.ts'

/** The version of a model that answers. */
export async function headOf(palimpsest: Palimpsest, name: string): Promise<number> {
  const { data, error, response } = await palimpsest.http.GET('/v1/models/{name}', { params: { path: { name } } })
  if (data === undefined) throw errorOf(response.status, error)
  return data.head_version
}
