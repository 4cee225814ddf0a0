/** Presigned S3 URLs, as AWS hands them out for manifests, labels and logs (Signature Version 4 in the query). */
import { createHash, createHmac } from 'node:crypto'

export type Presigner = {
  /** `http://host:port` of the S3 service. */
  readonly endpoint: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Real time: S3 judges the age of a URL by it. */
  readonly now: () => number
}

export const linkLifetimeSeconds = 3600

/** A GET of one object, live for an hour of real time. */
export function presign(by: Presigner, bucket: string, key: string): string {
  const stamp = new Date(by.now()).toISOString().replace(/[-:]|\.\d{3}/g, '')
  const date = stamp.slice(0, 8)
  const scope = `${date}/${by.region}/s3/aws4_request`
  const host = new URL(by.endpoint).host
  const path = `/${bucket}/${key.split('/').map(escape).join('/')}`
  const query = [
    ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
    ['X-Amz-Credential', `${by.accessKeyId}/${scope}`],
    ['X-Amz-Date', stamp],
    ['X-Amz-Expires', String(linkLifetimeSeconds)],
    ['X-Amz-SignedHeaders', 'host'],
  ]
    .map(([name = '', value = '']) => `${name}=${escape(value)}`)
    .join('&')
  const canonical = ['GET', path, query, `host:${host}`, '', 'host', 'UNSIGNED-PAYLOAD'].join('\n')
  const toSign = ['AWS4-HMAC-SHA256', stamp, scope, createHash('sha256').update(canonical).digest('hex')].join('\n')
  let key4: Buffer = Buffer.from(`AWS4${by.secretAccessKey}`)
  for (const step of [date, by.region, 's3', 'aws4_request']) key4 = createHmac('sha256', key4).update(step).digest()
  return `${by.endpoint}${path}?${query}&X-Amz-Signature=${createHmac('sha256', key4).update(toSign).digest('hex')}`
}

/** RFC 3986: all but the unreserved characters, as SigV4 wants it. */
function escape(value: string): string {
  return encodeURIComponent(value).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}
