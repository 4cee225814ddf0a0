/** If-Match and its relatives, for reads and writes, as RFC 9110 section 13 orders them; and byte ranges of RFC 9110 section 14. */
import { S3Error } from '../contract.ts'
import { headerOf, quoted, type S3Call } from './call.ts'
import type { Precondition } from './objectStore.ts'
import type { KeptObject } from './records.ts'

/** Whether the answer is 304. @throws S3Error PreconditionFailed */
export function notModified(call: S3Call, object: KeptObject, prefix = ''): boolean {
  const ask = (name: string): string | undefined => headerOf(call, prefix + name)
  const seconds = Math.floor(object.lastModified / 1_000) * 1_000
  const match = ask('if-match')
  const unmodified = time(ask('if-unmodified-since'))
  if (match !== undefined ? !names(match, object) : unmodified !== undefined && seconds > unmodified) {
    throw failed(match === undefined ? 'If-Unmodified-Since' : 'If-Match')
  }
  const noneMatch = ask('if-none-match')
  const modified = time(ask('if-modified-since'))
  return noneMatch === undefined ? modified !== undefined && seconds <= modified : names(noneMatch, object)
}

/** For PutObject, CompleteMultipartUpload and CopyObject: only "*" for If-None-Match and one ETag for If-Match. */
export function writeCondition(call: S3Call): Precondition | undefined {
  const noneMatch = headerOf(call, 'if-none-match')
  const match = headerOf(call, 'if-match')
  if (noneMatch === undefined && match === undefined) return undefined
  if ((noneMatch !== undefined && noneMatch !== '*') || (noneMatch !== undefined && match !== undefined)) {
    throw new S3Error('NotImplemented', 501, 'A header you provided implies functionality that is not implemented', {
      Header: 'If-None-Match',
    })
  }
  return (current) => {
    if (noneMatch !== undefined && current !== undefined) throw failed('If-None-Match')
    if (match === undefined) return
    if (current === undefined) throw new S3Error('NoSuchKey', 404, 'The specified key does not exist.', { Key: call.key })
    if (!names(match, current)) throw failed('If-Match')
  }
}

export type ByteRange = { readonly from: number; readonly to: number }

/** Undefined where the header is absent, malformed or names several ranges: then the whole object is answered, as S3 does. @throws S3Error InvalidRange */
export function rangeOf(call: S3Call, size: number): ByteRange | undefined {
  const text = headerOf(call, 'range')
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(text ?? '') ?? []
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const to = first === '' || last === '' ? size : Math.min(size, Number(last) + 1)
  if (from >= size || to <= from) {
    throw new S3Error('InvalidRange', 416, 'The requested range is not satisfiable', {
      RangeRequested: text ?? '',
      ActualObjectSize: String(size),
    })
  }
  return { from, to }
}

function names(list: string, object: KeptObject): boolean {
  return list.split(',').some((one) => ['*', object.etag, quoted(object.etag)].includes(one.trim().replace(/^W\//, '')))
}

function time(text: string | undefined): number | undefined {
  const at = text === undefined ? Number.NaN : Date.parse(text)
  return Number.isNaN(at) ? undefined : at
}

function failed(condition: string): S3Error {
  return new S3Error('PreconditionFailed', 412, 'At least one of the pre-conditions you specified did not hold', { Condition: condition })
}
