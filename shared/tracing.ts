// OpenTelemetry traces, off unless `OTEL_EXPORTER_OTLP_ENDPOINT` says where they go (the standard's own variable, as are
// `OTEL_EXPORTER_OTLP_HEADERS` and `OTEL_TRACES_SAMPLER`, which the SDK reads by itself). A request's trace goes on in the
// inference process; an update runs later and elsewhere and has a trace of its own, found by `palimpsest.update_id`.
import { context, propagation, SpanStatusCode, trace } from '@opentelemetry/api'
import type { Attributes, Span, SpanKind } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import type { Log } from './log.ts'

/** For a batch with all its tries. The supervisor gives a stop 10 s, of which the requests under way may take 5. */
const sendMs = 3_000

/**
 * Returns what sends the last spans and ends it; it never rejects. `endpoint` as the standard has it: `/v1/traces` is put
 * behind it.
 */
export function startTracing(service: string, endpoint: string | undefined, log: Log): () => Promise<void> {
  if (endpoint === undefined) return () => Promise.resolve()
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces`, timeoutMillis: sendMs })
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': `palimpsest-${service}` }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  })
  provider.register()
  return () =>
    provider.shutdown().catch((error: unknown) => log.warn({ err: error }, 'the last traces could not be sent'))
}

export interface SpanOptions {
  kind: SpanKind
  attributes: Attributes
  /** Of a request: the caller's trace is continued. */
  headers?: Headers
}

/** Runs `work` in a span that ends with it; what it throws marks the span and goes on. Costs nothing with traces off. */
export async function inSpan<T>(
  name: string,
  { headers, ...options }: SpanOptions,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const parent = headers === undefined ? context.active() : callerOf(headers)
  return await trace.getTracer('palimpsest').startActiveSpan(name, options, parent, async (span) => {
    try {
      return await work(span)
    } catch (error) {
      span.recordException(error instanceof Error ? error : String(error))
      span.setStatus({ code: SpanStatusCode.ERROR })
      throw error
    } finally {
      span.end()
    }
  })
}

function callerOf(headers: Headers) {
  return propagation.extract(context.active(), headers, {
    get: (sent, name) => sent.get(name) ?? undefined,
    keys: (sent) => [...sent.keys()],
  })
}

/** For a request to another process, so that what it does belongs to the same trace; empty with traces off. */
export function traceHeaders(): Record<string, string> {
  const headers: Record<string, string> = {}
  propagation.inject(context.active(), headers)
  return headers
}
