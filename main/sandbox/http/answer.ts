/** What an operation answers, as a value, so that a fault plan can let the work happen and still lose the answer. */
import { randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { S3Error } from '../contract.ts'
import { element, xmlDocument } from './xml.ts'

export type Answer = {
  readonly status: number
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly body?: string | Uint8Array | Readable
}

export type RequestIds = { readonly requestId: string; readonly hostId: string }

export function newRequestIds(): RequestIds {
  const bytes = randomBytes(50)
  return { requestId: bytes.toString('hex', 0, 8).toUpperCase(), hostId: bytes.toString('base64', 8) }
}

/** Sends head and body and waits until they are handed over; a caller who goes away ends the sending. */
export async function send(response: ServerResponse, answer: Answer, always: Readonly<Record<string, string>>): Promise<void> {
  const headers: Record<string, string> = { ...always }
  for (const [name, value] of Object.entries(answer.headers ?? {})) if (value !== undefined) headers[name] = value
  const { body } = answer
  if (!(body instanceof Readable)) {
    const bodyless = answer.status === 204 || answer.status === 304
    headers['content-length'] ??= String(body === undefined ? 0 : Buffer.byteLength(body))
    if (bodyless) delete headers['content-length']
    response.writeHead(answer.status, headers).end(body)
    return
  }
  response.writeHead(answer.status, headers)
  await pipeline(body, response).catch(() => response.destroy())
}

/** AWS's XML error form. */
export function errorAnswer(error: S3Error, resource: string, ids: RequestIds): Answer {
  const details = Object.entries(error.extra).map(([name, value]) => element(name.replace(/[^A-Za-z0-9-]/g, ''), value))
  const body = xmlDocument(
    'Error',
    [
      element('Code', error.code),
      element('Message', error.message),
      ...details,
      element('Resource', resource),
      element('RequestId', ids.requestId),
      element('HostId', ids.hostId),
    ],
    '',
  )
  return { status: error.status, headers: { 'content-type': 'application/xml' }, body }
}
