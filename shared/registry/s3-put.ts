// One object into a bucket, whole or not at all: in one request, or in parts when it is large. What may not replace another
// is put under the condition that there is none (If-None-Match), which the server decides, so that of two writers one wins.
import { createHash } from 'node:crypto'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  S3ServiceException,
  UploadPartCommand,
  type CompletedPart,
  type S3Client,
} from '@aws-sdk/client-s3'

interface PutInput {
  bucket: string
  key: string
  bytes: Uint8Array
  ifAbsent: boolean
  partBytes: number
}

/** Parts under way at once: enough to fill a line, few enough for a small machine's memory. */
const PARTS_AT_ONCE = 4

/** False: there is one already, and `ifAbsent` was asked for. Throws what the SDK throws. */
export async function putObject(client: S3Client, input: PutInput): Promise<boolean> {
  try {
    await (input.bytes.length > input.partBytes ? putInParts : putAtOnce)(client, input)
    return true
  } catch (error) {
    if (input.ifAbsent && isThereAlready(error)) return false
    throw error
  }
}

async function putAtOnce(client: S3Client, { bucket, key, bytes, ifAbsent }: PutInput): Promise<void> {
  const target = { Bucket: bucket, Key: key, ...conditionOf(ifAbsent) }
  await client.send(new PutObjectCommand({ ...target, Body: bytes, ChecksumSHA256: sha256Of(bytes) }))
}

async function putInParts(client: S3Client, { bucket, key, bytes, ifAbsent, partBytes }: PutInput): Promise<void> {
  const target = { Bucket: bucket, Key: key }
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...target, ChecksumAlgorithm: 'SHA256' }))
  const upload = { ...target, UploadId }
  try {
    const parts: CompletedPart[] = []
    const count = Math.ceil(bytes.length / partBytes)
    for (let from = 0; from < count; from += PARTS_AT_ONCE) {
      const numbers = Array.from({ length: Math.min(PARTS_AT_ONCE, count - from) }, (_, index) => from + index)
      const sent = numbers.map(async (number) => {
        const Body = bytes.subarray(number * partBytes, (number + 1) * partBytes)
        const part = { PartNumber: number + 1, ChecksumSHA256: sha256Of(Body) }
        const { ETag } = await client.send(new UploadPartCommand({ ...upload, ...part, Body }))
        return { ...part, ETag }
      })
      parts.push(...(await Promise.all(sent)))
    }
    const finish = { ...upload, ...conditionOf(ifAbsent), MultipartUpload: { Parts: parts } }
    await client.send(new CompleteMultipartUploadCommand(finish))
  } catch (error) {
    // Parts that belong to nothing would be paid for until a rule of the bucket takes them away.
    await client.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined)
    throw error
  }
}

function conditionOf(ifAbsent: boolean): { IfNoneMatch?: string } {
  return ifAbsent ? { IfNoneMatch: '*' } : {}
}

/** 412: it is there. 409: another is about to finish writing it. */
function isThereAlready(error: unknown): boolean {
  return error instanceof S3ServiceException && [409, 412].includes(error.$metadata.httpStatusCode ?? 0)
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64')
}
