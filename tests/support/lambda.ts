// What Lambda hands to a function and does with it: the global that streams answers, and events of a function URL (which
// have the payload format 2.0 of API Gateway's HTTP APIs).
import { PassThrough, type Writable } from 'node:stream'

interface StreamMetadata {
  statusCode: number
  headers: Record<string, string>
}

type StreamHandler = (event: unknown, stream: Writable, context: unknown) => Promise<void>

export interface LambdaAnswer extends StreamMetadata {
  body: Buffer
  json(): unknown
}

const metadata = new WeakMap<Writable, StreamMetadata>()

/** Must be called before a function that streams is loaded. */
export function installLambdaRuntime(): void {
  Object.assign(globalThis, {
    awslambda: {
      streamifyResponse: (handler: StreamHandler) => handler,
      HttpResponseStream: {
        from(stream: Writable, meta: StreamMetadata): Writable {
          metadata.set(stream, meta)
          return stream
        },
      },
    },
  })
}

/** Calls the handler as a function URL would. */
export async function callFunctionUrl(
  handler: StreamHandler,
  method: string,
  path: string,
  { headers = {}, body }: { headers?: Record<string, string>; body?: string | Uint8Array } = {},
): Promise<LambdaAnswer> {
  const stream = new PassThrough()
  const chunks: Buffer[] = []
  stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  await handler(functionUrlEvent(method, path, headers, body), stream, { awsRequestId: 'test' })
  const meta = metadata.get(stream)
  const bytes = Buffer.concat(chunks)
  if (meta === undefined) throw new Error(`no answer was begun: ${bytes.toString()}`)
  return { ...meta, body: bytes, json: () => JSON.parse(bytes.toString()) as unknown }
}

function functionUrlEvent(
  method: string,
  path: string,
  headers: Record<string, string>,
  body: string | Uint8Array | undefined,
): unknown {
  const url = new URL(path, 'https://abc.lambda-url.eu-central-1.on.aws')
  const host = url.host
  const http = { method, path: url.pathname, protocol: 'HTTP/1.1', sourceIp: '203.0.113.7', userAgent: 'test' }
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    headers: { host, 'x-forwarded-proto': 'https', 'x-forwarded-port': '443', ...headers },
    requestContext: {
      accountId: 'anonymous',
      apiId: 'abc',
      domainName: host,
      domainPrefix: 'abc',
      http,
      requestId: 'request',
      routeKey: '$default',
      stage: '$default',
      time: '01/Jan/2030:00:00:00 +0000',
      timeEpoch: 1893456000000,
    },
    ...(body === undefined ? {} : { body: Buffer.from(body).toString('base64') }),
    isBase64Encoded: body !== undefined,
  }
}
