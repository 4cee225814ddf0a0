/** One S3 request as the operations see it, after its signature held. */
import type { IncomingHttpHeaders } from 'node:http'
import { S3Error } from '../contract.ts'
import type { Answer } from '../http/answer.ts'
import type { RequestBody } from '../http/body.ts'
import type { ObjectStore } from './objectStore.ts'

export type S3Call = {
  readonly store: ObjectStore
  readonly region: string
  readonly host: string
  readonly bucket: string
  readonly key: string
  readonly headers: IncomingHttpHeaders
  readonly query: ReadonlyMap<string, readonly string[]>
  readonly body: RequestBody
  readonly dialect: Dialect
}

export type Operation = (call: S3Call) => Promise<Answer> | Answer

/** What one kind of S3 endpoint serves, and where it departs from the service in the cloud. */
export type Dialect = {
  readonly service: 's3' | 'device'
  /** The Server response header. */
  readonly server: string
  readonly operations: ReadonlyMap<string, Operation>
  /** Whether digests that a caller sends are checked, kept and told. */
  readonly checksums: boolean
  /** A PUT or initiate deletes what the key held before the new bytes arrive. */
  readonly deletesBeforeWriting: boolean
  readonly largestPart: number
  /** Refuses a request before its body is read. */
  readonly refuse?: (call: { readonly operation: string; readonly headers: IncomingHttpHeaders; readonly query: S3Call['query'] }) => void
  /** Asked before bytes are taken in. @throws S3Error when they would not fit. */
  readonly makeRoom?: (bytes: number) => void
}

export function headerOf(call: Pick<S3Call, 'headers'>, name: string): string | undefined {
  const value = call.headers[name]
  return Array.isArray(value) ? value.join(',') : value
}

export function queryOf(call: Pick<S3Call, 'query'>, name: string): string | undefined {
  return call.query.get(name)?.[0]
}

/** A whole number within bounds from query or header text. @throws S3Error InvalidArgument */
export function wholeNumber(text: string | undefined, name: string, otherwise: number, most: number, least = 0): number {
  if (text === undefined || text === '') return otherwise
  const value = Number(text)
  if (!/^\d{1,10}$/.test(text) || value < least || value > 2_147_483_647) {
    throw new S3Error('InvalidArgument', 400, `Argument ${name} must be an integer between ${least} and 2147483647`, {
      ArgumentName: name,
      ArgumentValue: text,
    })
  }
  return Math.min(value, most)
}

export function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}

export function quoted(etag: string): string {
  return `"${etag}"`
}

/** An error that also has something to say in headers, such as x-amz-delete-marker. */
export class HeaderedError extends S3Error {
  readonly headers: Readonly<Record<string, string>>
  constructor(error: S3Error, headers: Readonly<Record<string, string>>) {
    super(error.code, error.status, error.message, error.extra)
    this.headers = headers
  }
}

export const xmlHeaders = { 'content-type': 'application/xml' } as const
