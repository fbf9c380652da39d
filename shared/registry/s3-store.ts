// A bucket as the object store, on AWS or any server that speaks S3 (with an endpoint of its own: path-style
// addresses, and no CRC trailers, which some of them refuse). Every write carries the SHA-256 of what it means to store, which
// the server checks before it stores anything (s3-put.ts).
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
  type GetObjectCommandOutput,
  type S3ClientConfig,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { AppError } from '../errors.ts'
import { assertKey } from './object-key.ts'
import { putObject } from './s3-put.ts'
import { BrokenOff } from './store-away.ts'
import type { ObjectStore, StoredObject } from './object-store.ts'

export interface S3StoreOptions {
  bucket: string
  /** A server other than AWS's own. */
  endpoint?: string
  region?: string
  /** From the environment, the profile or the machine's role when absent. */
  credentials?: { accessKeyId: string; secretAccessKey: string }
  /** How long one try may take. An adapter has a few MB. */
  requestSeconds?: number
  attemptsMax?: number
  /** At most 1000, by S3's own limit. */
  keysPerPage?: number
  /** What is larger is sent in parts of this size; at least 5 MiB, by S3's own limit. */
  partBytes?: number
}

export function openS3Store(options: S3StoreOptions): ObjectStore {
  const { bucket, attemptsMax = 5, keysPerPage = 1000, partBytes = 16 * 2 ** 20 } = options
  const client = new S3Client(clientConfig(options))
  // Of an upload that somebody else sends there is nothing to sum up.
  const signer = new S3Client({ ...clientConfig(options), requestChecksumCalculation: 'WHEN_REQUIRED' })
  const where = options.endpoint === undefined ? `the bucket ${bucket}` : `the bucket ${bucket} at ${options.endpoint}`

  async function attempt<Result>(verb: string, send: () => Promise<Result>): Promise<Result> {
    try {
      return await send()
    } catch (error) {
      throw storeFailure(error, verb, where)
    }
  }

  return {
    async put(key, bytes, { ifAbsent = false } = {}) {
      assertKey(key)
      return attempt('write to', () => putObject(client, { bucket, key, bytes, ifAbsent, partBytes }))
    },
    async get(key) {
      assertKey(key)
      return attempt('read from', async () => {
        const bytes = await getWhole(client, bucket, key, attemptsMax)
        if (!bytes) throw new AppError('not_found', `The store has no object ${key}.`)
        return bytes
      })
    },
    async has(key) {
      assertKey(key)
      return attempt('read from', async () => {
        try {
          await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }))
          return true
        } catch (error) {
          if (isMissingKey(error)) return false
          throw error
        }
      })
    },
    async delete(key) {
      assertKey(key)
      await attempt('delete from', () => client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key })))
    },
    async presignPut(key, { bytes, seconds }) {
      assertKey(key)
      return attempt('sign an upload to', async () => {
        const command = new PutObjectCommand({ Bucket: bucket, Key: key, ContentLength: bytes })
        // Signed as a header, the length is held to by the server; no checksum of a body that is not here.
        const url = await getSignedUrl(signer, command, {
          expiresIn: seconds,
          unhoistableHeaders: new Set(['content-length']),
        })
        return { url, headers: { 'content-length': String(bytes) } }
      })
    },
    async list(prefix) {
      return attempt('list', async () => {
        const objects: StoredObject[] = []
        let token: string | undefined
        do {
          const page = await client.send(
            new ListObjectsV2Command({
              Bucket: bucket,
              Prefix: prefix,
              MaxKeys: keysPerPage,
              ContinuationToken: token,
            }),
          )
          for (const { Key: key, Size: bytes = 0, LastModified: modifiedAt } of page.Contents ?? [])
            if (key !== undefined && modifiedAt !== undefined) objects.push({ key, bytes, modifiedAt })
          token = page.IsTruncated === true ? page.NextContinuationToken : undefined
        } while (token !== undefined)
        return objects.sort((a, b) => (a.key < b.key ? -1 : 1))
      })
    },
  }
}

function clientConfig({ endpoint, region, credentials, requestSeconds, attemptsMax }: S3StoreOptions): S3ClientConfig {
  return {
    // Other servers ignore the region, but the signature needs one.
    ...(region === undefined ? (endpoint === undefined ? {} : { region: 'us-east-1' }) : { region }),
    ...(credentials ? { credentials } : {}),
    ...(endpoint === undefined
      ? {}
      : {
          endpoint,
          forcePathStyle: true,
          requestChecksumCalculation: 'WHEN_REQUIRED' as const,
          responseChecksumValidation: 'WHEN_REQUIRED' as const,
        }),
    maxAttempts: attemptsMax ?? 5,
    requestHandler: {
      connectionTimeout: 5_000,
      requestTimeout: (requestSeconds ?? 60) * 1000,
      // Without it a request that takes too long is only warned about.
      throwOnRequestTimeout: true,
      socketTimeout: (requestSeconds ?? 60) * 1000,
    },
  }
}

/** The SDK tries again until the headers are there; a body that breaks off is for us to ask for again. */
async function getWhole(
  client: S3Client,
  bucket: string,
  key: string,
  attemptsMax: number,
): Promise<Uint8Array | undefined> {
  for (let attempt = 1; ; attempt++) {
    const response = await getHead(client, bucket, key)
    if (!response) return undefined
    try {
      const bytes = (await response.Body?.transformToByteArray()) ?? new Uint8Array()
      if (bytes.length === (response.ContentLength ?? bytes.length)) return bytes
      throw new BrokenOff(`${bytes.length} of ${response.ContentLength} bytes came`)
    } catch (error) {
      if (attempt >= attemptsMax) throw error
    }
  }
}

async function getHead(client: S3Client, bucket: string, key: string): Promise<GetObjectCommandOutput | undefined> {
  try {
    return await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
  } catch (error) {
    if (isMissingKey(error)) return undefined
    throw error
  }
}

/** HEAD answers carry no body and so no name. A missing bucket is a wrong setting, not a missing object. */
function isMissingKey(error: unknown): boolean {
  return error instanceof S3ServiceException && (error.name === 'NoSuchKey' || error.name === 'NotFound')
}

function storeFailure(error: unknown, verb: string, where: string): AppError {
  if (error instanceof AppError) return error
  const name = error instanceof Error ? error.name : 'unknown error'
  const detail = error instanceof Error && error.message !== name ? `${name}, ${error.message}` : name
  return new AppError('store_failed', `Cannot ${verb} ${where}: ${detail}.`, { cause: error })
}
