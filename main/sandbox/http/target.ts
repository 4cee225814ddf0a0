/** What a request names, read from its raw target: path segments and query as they were sent, never normalised. */
import { S3Error } from '../contract.ts'

export type Target = {
  /** The path as sent, still percent-encoded. */
  readonly rawPath: string
  /** Decoded names and values, in order of appearance; a name without "=" has the value ''. */
  readonly query: ReadonlyMap<string, readonly string[]>
}

/** @throws S3Error InvalidURI where percent-encoding is broken. `new URL` is no use here: it would fold ".." and "." in keys. */
export function parseTarget(target: string): Target {
  const at = target.indexOf('?')
  const rawPath = at < 0 ? target : target.slice(0, at)
  const query = new Map<string, string[]>()
  if (at >= 0) {
    for (const pair of target.slice(at + 1).split('&')) {
      if (pair === '') continue
      const equals = pair.indexOf('=')
      const name = decode(equals < 0 ? pair : pair.slice(0, equals))
      const value = equals < 0 ? '' : decode(pair.slice(equals + 1))
      const seen = query.get(name)
      if (seen === undefined) query.set(name, [value])
      else seen.push(value)
    }
  }
  return { rawPath, query }
}

/** Path style: /bucket/key. Both are undefined for "/", the key for "/bucket" and "/bucket/". */
export function bucketAndKey(rawPath: string): { readonly bucket: string | undefined; readonly key: string | undefined } {
  const path = rawPath.startsWith('/') ? rawPath.slice(1) : rawPath
  const slash = path.indexOf('/')
  const bucket = decode(slash < 0 ? path : path.slice(0, slash))
  const key = slash < 0 ? '' : decode(path.slice(slash + 1))
  return { bucket: bucket === '' ? undefined : bucket, key: key === '' ? undefined : key }
}

function decode(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    throw new S3Error('InvalidURI', 400, "Couldn't parse the specified URI.")
  }
}
