/** The S3 endpoint: one request in, its signature and body checked, one operation done, one answer out. */
import type { IncomingMessage } from 'node:http'
import { S3Error } from '../contract.ts'
import { errorAnswer, newRequestIds, send, type Answer } from '../http/answer.ts'
import { openBody } from '../http/body.ts'
import type { FaultHook } from '../http/faultHook.ts'
import type { Handler } from '../http/server.ts'
import { verifySignature, type SigningPolicy } from '../http/signature.ts'
import { bucketAndKey, parseTarget } from '../http/target.ts'
import { HeaderedError, type Dialect, type S3Call } from './call.ts'
import { cloudDialect } from './cloud.ts'
import type { ObjectStore } from './objectStore.ts'
import { operationOf } from './routing.ts'

export type S3ServiceOptions = {
  readonly objects: ObjectStore
  /** The secret of an access key; see onlyCredentials in http/signature.ts. */
  readonly credentials: SigningPolicy['secretOf']
  readonly region: string
  /** Real time, by which callers sign. Last-Modified comes from the store's own clock. */
  readonly clock: { now(): number }
  /** 'cloud', or what device/device.ts makes of a Snowball. */
  readonly dialect: 'cloud' | Dialect
  readonly faults: FaultHook
  /** Told of errors that are the sandbox's own fault and were answered as InternalError. */
  readonly onBug?: (error: unknown) => void
}

export function createS3Service(options: S3ServiceOptions): Handler {
  const dialect = options.dialect === 'cloud' ? cloudDialect : options.dialect
  return async (request, response) => {
    const ids = newRequestIds()
    const target = request.url ?? '/'
    const resource = target.split('?', 1)[0] ?? '/'
    const always = {
      'x-amz-request-id': ids.requestId,
      'x-amz-id-2': ids.hostId,
      server: dialect.server,
      date: new Date(options.clock.now()).toUTCString(),
    }
    let silent = false
    let answer: Answer
    try {
      const { rawPath, query } = parseTarget(target)
      const path = bucketAndKey(rawPath)
      const operation = operationOf(request.method ?? '', path, query, request.headers)
      const verdict = await options.faults.before({
        service: dialect.service,
        operation: operation ?? 'Unknown',
        ...(path.key === undefined ? {} : { key: path.key }),
      })
      if (verdict === 'reset') {
        request.socket.destroy()
        return
      }
      silent = verdict === 'reset-after'
      if (typeof verdict === 'object') throw new S3Error(verdict.code, verdict.status, `This error was planned: ${verdict.code}`)
      answer = await perform(request, { operation, path, query }, options, dialect)
    } catch (error) {
      // A caller who went away in the middle of a body is owed no answer.
      if (request.destroyed && !request.complete) return
      answer = answerTo(error, resource, ids, options.onBug)
      drain(request)
    }
    if (silent) {
      if (answer.body !== undefined && typeof answer.body === 'object' && 'destroy' in answer.body) answer.body.destroy()
      request.socket.destroy()
      return
    }
    await send(response, answer, always)
  }
}

type Asked = {
  readonly operation: string | undefined
  readonly path: ReturnType<typeof bucketAndKey>
  readonly query: S3Call['query']
}

async function perform(request: IncomingMessage, asked: Asked, options: S3ServiceOptions, dialect: Dialect): Promise<Answer> {
  const verified = verifySignature(
    { method: request.method ?? '', target: request.url ?? '/', headers: request.headers },
    { secretOf: options.credentials, now: options.clock.now(), region: options.region, services: ['s3'] },
  )
  const headers = verified.presigned ? { ...headersInQuery(asked.query), ...request.headers } : request.headers
  if (asked.operation === undefined) {
    throw new S3Error('MethodNotAllowed', 405, 'The specified method is not allowed against this resource.', {
      Method: request.method ?? '',
    })
  }
  dialect.refuse?.({ operation: asked.operation, headers, query: asked.query })
  const operation = dialect.operations.get(asked.operation)
  if (operation === undefined)
    throw new S3Error('NotImplemented', 501, 'A header or query you provided implies functionality that is not implemented.')
  const { bucket = '', key = '' } = asked.path
  if (bucket !== '' && asked.operation !== 'CreateBucket') options.objects.bucketRow(bucket)
  const call: S3Call = {
    store: options.objects,
    region: options.region,
    host: headers.host ?? '',
    bucket,
    key,
    headers,
    query: asked.query,
    body: openBody(request, verified),
    dialect,
  }
  return operation(call)
}

/** A presigned URL carries what would be x-amz-* headers in its query. */
function headersInQuery(query: S3Call['query']): Record<string, string> {
  const moved = [...query].filter(([name]) =>
    /^x-amz-(?!algorithm$|credential$|date$|expires$|signedheaders$|signature$|content-sha256$)/i.test(name),
  )
  return Object.fromEntries(moved.map(([name, values]) => [name.toLowerCase(), values.join(',')]))
}

function answerTo(error: unknown, resource: string, ids: { requestId: string; hostId: string }, onBug: S3ServiceOptions['onBug']): Answer {
  if (!(error instanceof S3Error)) {
    onBug?.(error)
    return errorAnswer(new S3Error('InternalError', 500, 'We encountered an internal error. Please try again.'), resource, ids)
  }
  const answer = errorAnswer(error, resource, ids)
  return error instanceof HeaderedError ? { ...answer, headers: { ...answer.headers, ...error.headers } } : answer
}

/** What is left of a body that was refused is read and dropped, so that the caller gets to read the answer; an endless one is cut off. */
function drain(request: IncomingMessage): void {
  if (request.complete && request.readableEnded) return
  let left = 67_108_864
  request.on('data', (piece: Buffer) => {
    left -= piece.length
    if (left < 0) request.destroy()
  })
  request.on('error', () => undefined)
}
