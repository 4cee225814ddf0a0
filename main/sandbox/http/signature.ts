/**
 * Signature Version 4 as a server checks it: in the Authorization header or in the query of a presigned URL.
 * The canonical form comes from @smithy/signature-v4, the library the SDK signs with. Source: AWS General Reference, "Signing AWS API requests".
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { getCanonicalHeaders, SignatureV4Base } from '@smithy/signature-v4'
import { S3Error } from '../contract.ts'
import { parseTarget, type Target } from './target.ts'

export type RequestFacts = {
  readonly method: string
  /** Path and query as received. */
  readonly target: string
  readonly headers: IncomingHttpHeaders
  /** Hex SHA-256 of the body, for services that sign the body itself (all but S3, which signs x-amz-content-sha256). */
  readonly bodySha256?: string
}

export type SigningPolicy = {
  /** The secret of an access key, or undefined for a key nobody has. */
  readonly secretOf: (accessKeyId: string) => string | undefined
  /** Real time in milliseconds, as callers sign by it; not the sandbox's fast clock. */
  readonly now: number
  readonly region: string
  /** Signing names that may be used here: 's3', 'snowball', 'storagegateway', 'monitoring'. */
  readonly services: readonly string[]
}

export type Verified = {
  readonly service: string
  readonly accessKeyId: string
  readonly presigned: boolean
  /** x-amz-content-sha256: a hex hash, UNSIGNED-PAYLOAD or STREAMING-…; of a presigned URL UNSIGNED-PAYLOAD. */
  readonly payloadHash: string
  /** For the chunk signatures of a streaming body: the request's own signature, its scope, and the key to go on signing with. */
  readonly seed: string
  readonly scope: string
  readonly longDate: string
  readonly sign: (text: string) => string
}

const maximumSkewMs = 15 * 60_000
const longestPresign = 604_800
const algorithm = 'AWS4-HMAC-SHA256'

/** Lookup for the one key pair a rehearsal uses. */
export function onlyCredentials(accessKeyId: string, secretAccessKey: string): SigningPolicy['secretOf'] {
  return (asked) => (asked === accessKeyId ? secretAccessKey : undefined)
}

/** @throws S3Error with the code AWS answers: SignatureDoesNotMatch, InvalidAccessKeyId, RequestTimeTooSkewed, AccessDenied and others. */
export function verifySignature(facts: RequestFacts, policy: SigningPolicy): Verified {
  const target = parseTarget(facts.target)
  const claim = target.query.has('X-Amz-Algorithm') || target.query.has('X-Amz-Signature') ? fromQuery(target) : fromHeader(facts)
  const [shortDate = '', region = '', service = '', end = ''] = claim.scope
  const malformed = claim.presigned ? 'AuthorizationQueryParametersError' : 'AuthorizationHeaderMalformed'
  if (!policy.services.includes(service))
    throw new S3Error(malformed, 400, `The credential scope names the service "${service}", which is not served here.`)
  if (region !== policy.region) {
    throw new S3Error(malformed, 400, `The region '${region}' is wrong; expecting '${policy.region}'`, { Region: policy.region })
  }
  if (end !== 'aws4_request') throw new S3Error(malformed, 400, 'The credential scope does not end with "aws4_request".')
  if (facts.headers['x-amz-security-token'] !== undefined || target.query.has('X-Amz-Security-Token')) {
    throw new S3Error('InvalidToken', 400, 'The provided token is malformed or otherwise invalid.')
  }
  const secret = policy.secretOf(claim.accessKeyId)
  if (secret === undefined) {
    throw new S3Error('InvalidAccessKeyId', 403, 'The AWS Access Key Id you provided does not exist in our records.', {
      AWSAccessKeyId: claim.accessKeyId,
    })
  }
  const signedAt = parseLongDate(claim.longDate)
  if (signedAt === undefined || !claim.longDate.startsWith(shortDate) || shortDate.length !== 8) {
    throw new S3Error(malformed, 400, 'The date of the request is missing, malformed, or not the date of the credential scope.')
  }
  checkTime(claim, signedAt, policy.now)
  checkSignedHeaders(claim, facts.headers)

  const payloadHash = claim.presigned ? (hoisted(target, 'x-amz-content-sha256') ?? 'UNSIGNED-PAYLOAD') : payloadHashOf(facts, service)
  const scope = claim.scope.join('/')
  const signedHeaders: Record<string, string> = {}
  for (const name of claim.signedHeaders) signedHeaders[name] = header(facts.headers, name) ?? ''
  const form = service === 's3' ? plainPath : escapedPath
  const text = form.textToSign(
    facts.method,
    target,
    getCanonicalHeaders(asRequest(signedHeaders), undefined, new Set(claim.signedHeaders)),
    payloadHash,
    claim.longDate,
    scope,
  )
  const key = signingKey(secret, shortDate, region, service)
  const sign = (line: string): string => createHmac('sha256', key).update(line).digest('hex')
  if (!sameText(sign(text), claim.signature)) {
    throw new S3Error(
      'SignatureDoesNotMatch',
      403,
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      { AWSAccessKeyId: claim.accessKeyId, StringToSign: text, SignatureProvided: claim.signature },
    )
  }
  return {
    service,
    accessKeyId: claim.accessKeyId,
    presigned: claim.presigned,
    payloadHash,
    seed: claim.signature,
    scope,
    longDate: claim.longDate,
    sign,
  }
}

type Claim = {
  readonly presigned: boolean
  readonly accessKeyId: string
  /** date, region, service, "aws4_request" */
  readonly scope: readonly string[]
  readonly signedHeaders: readonly string[]
  readonly signature: string
  readonly longDate: string
  readonly expiresSeconds: number | undefined
}

function fromHeader(facts: RequestFacts): Claim {
  const authorization = facts.headers.authorization
  if (authorization === undefined) throw new S3Error('AccessDenied', 403, 'Access Denied')
  if (!authorization.startsWith(`${algorithm} `)) {
    throw new S3Error('InvalidRequest', 400, `The authorization mechanism you have provided is not supported. Please use ${algorithm}.`)
  }
  const fields = new Map(
    authorization
      .slice(algorithm.length + 1)
      .split(',')
      .map((field) => {
        const equals = field.indexOf('=')
        return [field.slice(0, equals).trim(), field.slice(equals + 1).trim()] as const
      }),
  )
  const credential = (fields.get('Credential') ?? '').split('/')
  const signedHeaders = (fields.get('SignedHeaders') ?? '').split(';')
  const signature = fields.get('Signature') ?? ''
  if (credential.length < 5 || signedHeaders[0] === '' || signature === '') {
    throw new S3Error(
      'AuthorizationHeaderMalformed',
      400,
      'The authorization header is malformed; it needs Credential, SignedHeaders and Signature.',
    )
  }
  return {
    presigned: false,
    accessKeyId: credential.slice(0, -4).join('/'),
    scope: credential.slice(-4),
    signedHeaders,
    signature,
    longDate: header(facts.headers, 'x-amz-date') ?? fromHttpDate(facts.headers.date),
    expiresSeconds: undefined,
  }
}

function fromQuery({ query }: Target): Claim {
  const one = (name: string): string => {
    const [value, second] = query.get(name) ?? []
    if (value === undefined || value === '' || second !== undefined) {
      throw new S3Error(
        'AuthorizationQueryParametersError',
        400,
        'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
      )
    }
    return value
  }
  if (one('X-Amz-Algorithm') !== algorithm) {
    throw new S3Error('AuthorizationQueryParametersError', 400, `X-Amz-Algorithm only supports "${algorithm}"`)
  }
  const credential = one('X-Amz-Credential').split('/')
  const expires = one('X-Amz-Expires')
  const expiresSeconds = Number(expires)
  if (credential.length < 5) throw new S3Error('AuthorizationQueryParametersError', 400, 'Error parsing the X-Amz-Credential parameter.')
  if (!/^\d+$/.test(expires) || expiresSeconds > longestPresign) {
    throw new S3Error(
      'AuthorizationQueryParametersError',
      400,
      'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',
    )
  }
  return {
    presigned: true,
    accessKeyId: credential.slice(0, -4).join('/'),
    scope: credential.slice(-4),
    signedHeaders: one('X-Amz-SignedHeaders').split(';'),
    signature: one('X-Amz-Signature'),
    longDate: one('X-Amz-Date'),
    expiresSeconds,
  }
}

function checkTime(claim: Claim, signedAt: number, now: number): void {
  if (claim.expiresSeconds === undefined) {
    if (Math.abs(now - signedAt) > maximumSkewMs) {
      throw new S3Error('RequestTimeTooSkewed', 403, 'The difference between the request time and the current time is too large.', {
        RequestTime: claim.longDate,
        ServerTime: new Date(now).toISOString(),
        MaxAllowedSkewMilliseconds: String(maximumSkewMs),
      })
    }
    return
  }
  if (signedAt > now + maximumSkewMs) throw new S3Error('AccessDenied', 403, 'Request is not yet valid')
  if (now > signedAt + claim.expiresSeconds * 1_000) {
    throw new S3Error('AccessDenied', 403, 'Request has expired', {
      'X-Amz-Expires': String(claim.expiresSeconds),
      Expires: new Date(signedAt + claim.expiresSeconds * 1_000).toISOString(),
      ServerTime: new Date(now).toISOString(),
    })
  }
}

/** Host and every x-amz-* header must be under the signature, else somebody on the way could add one. */
function checkSignedHeaders(claim: Claim, headers: IncomingHttpHeaders): void {
  const signed = new Set(claim.signedHeaders)
  const unsigned = Object.keys(headers).filter((name) => (name === 'host' || name.startsWith('x-amz-')) && !signed.has(name))
  if (unsigned.length > 0) {
    throw new S3Error('AccessDenied', 403, 'There were headers present in the request which were not signed', {
      HeadersNotSigned: unsigned.join(', '),
    })
  }
}

function payloadHashOf(facts: RequestFacts, service: string): string {
  const claimed = header(facts.headers, 'x-amz-content-sha256')
  if (service === 's3') {
    if (claimed === undefined) throw new S3Error('InvalidRequest', 400, 'Missing required header for this request: x-amz-content-sha256')
    if (!/^([0-9a-f]{64}|UNSIGNED-PAYLOAD|STREAMING-[A-Z0-9-]+)$/.test(claimed)) {
      throw new S3Error('InvalidArgument', 400, 'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-… or a valid sha256 value.')
    }
    return claimed
  }
  const real = facts.bodySha256 ?? createHash('sha256').digest('hex')
  if (claimed !== undefined && claimed !== real) {
    throw new S3Error('XAmzContentSHA256Mismatch', 400, "The provided 'x-amz-content-sha256' header does not match what was computed.")
  }
  return real
}

/** The library's canonical request, with Node's SHA-256 for its digest. */
class CanonicalForm extends SignatureV4Base {
  constructor(uriEscapePath: boolean) {
    super({ service: '', region: '', credentials: { accessKeyId: '', secretAccessKey: '' }, sha256: NoHash, uriEscapePath })
  }

  textToSign(
    method: string,
    target: Target,
    headers: Record<string, string>,
    payloadHash: string,
    longDate: string,
    scope: string,
  ): string {
    const query = Object.fromEntries(
      [...target.query].filter(([name]) => name !== 'X-Amz-Signature').map(([name, values]) => [name, [...values]]),
    )
    const canonical = this.createCanonicalRequest({ ...asRequest({}), method, path: target.rawPath, query }, headers, payloadHash)
    return `${algorithm}\n${longDate}\n${scope}\n${createHash('sha256').update(canonical).digest('hex')}`
  }
}

/** The base class wants a hash constructor but the canonical request needs none. */
class NoHash {
  update(): void {
    throw new Error('not used')
  }
  digest(): Promise<Uint8Array> {
    throw new Error('not used')
  }
  reset(): void {
    throw new Error('not used')
  }
}

/** S3 takes the path as it was sent; every other service escapes it a second time. */
const plainPath = new CanonicalForm(false)
const escapedPath = new CanonicalForm(true)

function asRequest(headers: Record<string, string>) {
  return { protocol: 'http:', hostname: '', method: '', path: '', headers }
}

/** Derived keys change once a day; a handful of access keys use a handful of services. */
const keys = new Map<string, Buffer>()

function signingKey(secret: string, shortDate: string, region: string, service: string): Buffer {
  const name = `${shortDate}/${region}/${service}/${secret}`
  const known = keys.get(name)
  if (known !== undefined) return known
  let key: Buffer = Buffer.from(`AWS4${secret}`)
  for (const step of [shortDate, region, service, 'aws4_request']) key = createHmac('sha256', key).update(step).digest()
  if (keys.size >= 64) keys.clear()
  keys.set(name, key)
  return key
}

/** Presigning moves x-amz-* headers into the query, in whatever case the signer wrote them. */
function hoisted({ query }: Target, name: string): string | undefined {
  for (const [given, [value]] of query) if (given.toLowerCase() === name) return value
  return undefined
}

function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? value.join(',') : value
}

function parseLongDate(text: string): number | undefined {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? []
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(at) ? undefined : at
}

function fromHttpDate(text: string | undefined): string {
  const at = text === undefined ? Number.NaN : Date.parse(text)
  return Number.isNaN(at) ? '' : new Date(at).toISOString().replace(/[-:]|\.\d{3}/g, '')
}

function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}
