/** The door of the JSON services: POST / with X-Amz-Target, signed; the credential scope says which service is meant. */
import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { S3Error } from '../contract.ts'
import { newRequestIds, send } from '../http/answer.ts'
import { readAll } from '../http/body.ts'
import type { FaultHook } from '../http/faultHook.ts'
import { verifySignature, type SigningPolicy } from '../http/signature.ts'
import type { Json, JsonService } from './jsonService.ts'

export type JsonDoor = {
  readonly services: readonly JsonService[]
  readonly faults: FaultHook
  readonly secretOf: SigningPolicy['secretOf']
  readonly region: string
  /** Real time: requests are signed by it. */
  readonly now: () => number
  /** Told of errors that are the sandbox's own fault and were answered as InternalServerError. */
  readonly onBug: (error: unknown) => void
}

const largestBody = 4 * 1024 * 1024

/** Whether a request is for a JSON service; everything else is for S3. */
export function isJsonRequest(request: IncomingMessage): boolean {
  return request.headers['x-amz-target'] !== undefined || request.headers['smithy-protocol'] !== undefined
}

export async function answerJson(door: JsonDoor, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { requestId } = newRequestIds()
  let version: JsonService['jsonVersion'] = '1.1'
  const reply = async (status: number, body: Json): Promise<void> => {
    const type = `application/x-amz-json-${version}`
    await send(response, { status, headers: { 'content-type': type }, body: JSON.stringify(body) }, { 'x-amzn-requestid': requestId })
  }
  try {
    const body = await readAll(request, largestBody)
    if (request.headers['smithy-protocol'] !== undefined) {
      throw new S3Error('UnsupportedProtocolException', 415, 'The sandbox speaks AWS JSON, not CBOR.')
    }
    const service = theService(door, request, body)
    version = service.jsonVersion
    const operation = operationOf(service, request)
    const verdict = await door.faults.before({ service: service.service, operation })
    if (verdict === 'reset') return void response.destroy()
    if (typeof verdict === 'object') throw new S3Error(verdict.code, verdict.status, 'Planned by the fault plan.')
    const answer = await service.call(operation, inputOf(body))
    if (verdict === 'reset-after') return void response.destroy()
    await reply(200, answer)
  } catch (error) {
    if (response.headersSent || response.destroyed) throw error
    if (!(error instanceof S3Error)) door.onBug(error)
    const known = error instanceof S3Error ? error : new S3Error('InternalServerError', 500, 'The sandbox failed to answer.')
    const { errorCode, ...extra } = known.extra
    const nested = errorCode === undefined ? {} : { error: { errorCode } }
    const message = errorCode === undefined ? { Message: known.message } : { message: known.message }
    await reply(known.status, { __type: known.code, ...message, ...extra, ...nested })
  }
}

function theService(door: JsonDoor, request: IncomingMessage, body: Buffer): JsonService {
  const verified = signed(() =>
    verifySignature(
      {
        method: request.method ?? 'POST',
        target: request.url ?? '/',
        headers: request.headers,
        bodySha256: createHash('sha256').update(body).digest('hex'),
      },
      { secretOf: door.secretOf, now: door.now(), region: door.region, services: door.services.map((one) => one.service) },
    ),
  )
  const service = door.services.find((one) => one.service === verified.service)
  if (service === undefined) throw new S3Error('UnknownOperationException', 404, 'No such service.')
  return service
}

/** The JSON services name the refusals of a signature in their own words. */
function signed<Result>(verify: () => Result): Result {
  try {
    return verify()
  } catch (error) {
    if (!(error instanceof S3Error)) throw error
    const names: Readonly<Record<string, string>> = {
      InvalidAccessKeyId: 'UnrecognizedClientException',
      InvalidToken: 'UnrecognizedClientException',
      SignatureDoesNotMatch: 'InvalidSignatureException',
      RequestTimeTooSkewed: 'InvalidSignatureException',
      AuthorizationHeaderMalformed: 'IncompleteSignatureException',
      AccessDenied: 'MissingAuthenticationTokenException',
    }
    const message = error.code === 'RequestTimeTooSkewed' ? `Signature expired: ${error.message}` : error.message
    throw new S3Error(names[error.code] ?? error.code, error.code === 'AccessDenied' ? 403 : 400, message)
  }
}

function operationOf(service: JsonService, request: IncomingMessage): string {
  const [target, operation, ...more] = String(request.headers['x-amz-target']).split('.')
  if (request.method !== 'POST' || target !== service.target || operation === undefined || more.length > 0) {
    throw new S3Error('UnknownOperationException', 400, 'The X-Amz-Target is not one of this service.')
  }
  return operation
}

function inputOf(body: Buffer): Json {
  let value: unknown
  try {
    value = JSON.parse(body.toString('utf8'))
  } catch {
    value = undefined
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new S3Error('SerializationException', 400, 'The body is not a JSON object.')
  return value as Json
}
