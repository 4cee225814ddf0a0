/** What AWS or the network answered, as a Fault: the one place that knows error names of the SDK and of the services. */
import { Fault, type Facts, type Retry } from '../../shared/faults/fault.ts'
import type { FaultCode } from '../../shared/faults/catalogue.ts'

/** A call by its service's IAM prefix and AWS's operation name: `s3:PutObject`, `snowball:CreateJob`. */
export type AwsCall = `${'s3' | 'snowball' | 'storagegateway' | 'cloudwatch' | 'iam'}:${string}`

/** Where the permission is not named as the operation (AWS Service Authorization Reference, Amazon S3). */
const permissions: Readonly<Record<string, string>> = {
  's3:HeadObject': 's3:GetObject',
  's3:HeadBucket': 's3:ListBucket',
  's3:ListObjects': 's3:ListBucket',
  's3:ListObjectsV2': 's3:ListBucket',
  's3:CreateMultipartUpload': 's3:PutObject',
  's3:UploadPart': 's3:PutObject',
  's3:CompleteMultipartUpload': 's3:PutObject',
  's3:ListParts': 's3:ListMultipartUploadParts',
  's3:ListMultipartUploads': 's3:ListBucketMultipartUploads',
  's3:GetBucketEncryption': 's3:GetEncryptionConfiguration',
  's3:PutBucketEncryption': 's3:PutEncryptionConfiguration',
  's3:GetPublicAccessBlock': 's3:GetBucketPublicAccessBlock',
  's3:PutPublicAccessBlock': 's3:PutBucketPublicAccessBlock',
  's3:GetObjectLockConfiguration': 's3:GetBucketObjectLockConfiguration',
  's3:GetBucketLifecycleConfiguration': 's3:GetLifecycleConfiguration',
  's3:PutBucketLifecycleConfiguration': 's3:PutLifecycleConfiguration',
}

type Kind = { readonly code: FaultCode; readonly retry?: Retry }

/** By the service's own error name. S3: API reference, error responses; JSON services: common errors. */
const byName: ReadonlyMap<string, Kind> = new Map([
  ...names(
    { code: 'aws-throttled' },
    'SlowDown',
    'ServiceUnavailable',
    'Throttling',
    'ThrottlingException',
    'ThrottledException',
    'TooManyRequestsException',
    'RequestLimitExceeded',
    'RequestThrottled',
    'RequestThrottledException',
    'BandwidthLimitExceeded',
    'ProvisionedThroughputExceededException',
    'LimitExceededFault',
  ),
  ...names(
    { code: 'aws-wrong-secret' },
    'SignatureDoesNotMatch',
    'InvalidAccessKeyId',
    'InvalidSignatureException',
    'IncompleteSignature',
    'IncompleteSignatureException',
    'UnrecognizedClientException',
    'InvalidClientTokenId',
    'MissingAuthenticationToken',
    'MissingAuthenticationTokenException',
    'InvalidToken',
    'ExpiredToken',
    'ExpiredTokenException',
    'CredentialsProviderError',
    'TokenProviderError',
  ),
  ...names({ code: 'aws-clock-skew' }, 'RequestTimeTooSkewed', 'RequestExpired', 'RequestInTheFuture'),
  ...names(
    { code: 'aws-denied' },
    'AccessDenied',
    'AccessDeniedException',
    'AccessDeniedFault',
    'NotAuthorized',
    'UnauthorizedOperation',
    'AllAccessDisabled',
    'AccountProblem',
  ),
  ...names({ code: 'aws-bad-digest' }, 'BadDigest', 'XAmzContentSHA256Mismatch', 'InvalidDigest', 'XAmzContentChecksumMismatch'),
  ...names({ code: 'bucket-missing' }, 'NoSuchBucket'),
  ...names({ code: 'object-conflict' }, 'PreconditionFailed'),
  ...names({ code: 'device-full' }, 'InsufficientStorage', 'NotEnoughSpace', 'DeviceFull', 'InsufficientCapacity'),
  ...names({ code: 'aws-unreachable' }, 'RequestTimeout', 'RequestTimeoutException'),
  ...names(
    { code: 'aws-refused', retry: 'later' },
    'InternalError',
    'InternalFailure',
    'InternalServerError',
    'OperationAborted',
    'ConditionalRequestConflict',
  ),
])

/** A connection that died under way: another one may work at once. */
const brokenConnection = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ERR_STREAM_PREMATURE_CLOSE', 'UND_ERR_SOCKET'])
const noConnection = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'ETIMEDOUT',
  'ESOCKETTIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'EADDRINUSE',
  'TimeoutError',
  'ERR_SOCKET_CONNECTION_TIMEOUT',
  'ERR_TLS_HANDSHAKE_TIMEOUT',
])
const certificateTrouble = /CERT|SELF_SIGNED|ALTNAME|UNABLE_TO_(?:VERIFY|GET)|ERR_SSL/

/**
 * Any error thrown by an AWS client, as a Fault; a Fault passes through.
 * Facts: the service's `code`, HTTP `status`, `requestId`, `call` and, where denied, the `permission`. Never a key, a bucket's content or a secret:
 * the service's own message may quote a key, so it stays in `cause`.
 */
export function faultFromAws(error: unknown, call: AwsCall): Fault {
  if (error instanceof Fault) return error
  const seen = readError(error)
  const facts = factsOf(seen, call)
  const kind = kindOf(seen)
  if (kind === undefined) return new Fault('unforeseen', facts, { cause: error })
  const more = kind.code === 'aws-denied' ? { ...facts, permission: permissions[call] ?? call } : facts
  return new Fault(kind.code, more, kind.retry === undefined ? { cause: error } : { cause: error, retry: kind.retry })
}

/** The service's own name of what went wrong (`NoSuchKey`), or `undefined` when the service did not answer. */
export function awsErrorName(error: unknown): string | undefined {
  return readError(error).name
}

/** HTTP status of the answer, or `undefined` when there was none. */
export function awsErrorStatus(error: unknown): number | undefined {
  return readError(error).status
}

function kindOf(seen: Seen): Kind | undefined {
  const { name, errno, status, message } = seen
  // JSON services name a wrong clock like a wrong key; only the text tells them apart.
  if (name === 'InvalidSignatureException' && /expired|not yet current/i.test(message)) return { code: 'aws-clock-skew' }
  const known = name === undefined ? undefined : byName.get(name)
  if (known !== undefined) return known
  if (status === undefined) {
    if (errno === undefined) return undefined
    if (brokenConnection.has(errno)) return { code: 'aws-unreachable', retry: 'now' }
    if (noConnection.has(errno)) return { code: 'aws-unreachable' }
    if (certificateTrouble.test(errno)) return { code: 'aws-unreachable', retry: 'after-human' }
    return undefined
  }
  if (status === 429 || status === 503) return { code: 'aws-throttled' }
  if (status === 401 || status === 403) return { code: 'aws-denied' }
  if (status === 507) return { code: 'device-full' }
  if (status === 408) return { code: 'aws-unreachable' }
  if (status >= 500) return { code: 'aws-refused', retry: 'later' }
  if (status >= 300) return { code: 'aws-refused' }
  // The connection broke while a good answer was being read.
  if (errno !== undefined && (brokenConnection.has(errno) || noConnection.has(errno))) return { code: 'aws-unreachable', retry: 'now' }
  return undefined
}

type Seen = {
  readonly name: string | undefined
  readonly errno: string | undefined
  readonly status: number | undefined
  readonly requestId: string | undefined
  readonly message: string
}

function readError(error: unknown): Seen {
  const metadata = property(error, '$metadata')
  const status = number(property(metadata, 'httpStatusCode')) ?? number(property(property(error, '$response'), 'statusCode'))
  const name = text(property(error, 'name'))
  const named = name !== undefined && (status !== undefined || byName.has(name))
  return {
    name: named ? name : undefined,
    errno: errnoOf(error) ?? (name === 'TimeoutError' ? name : undefined),
    status,
    requestId: text(property(metadata, 'requestId')),
    message: text(property(error, 'message')) ?? '',
  }
}

/** Node keeps the code on the error, on its cause, or (several addresses tried) on the first of an AggregateError. */
function errnoOf(error: unknown, depth = 0): string | undefined {
  if (error === undefined || depth > 3) return undefined
  const code = property(error, 'code')
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code)) return code
  const inner = property(error, 'errors')
  return errnoOf(property(error, 'cause'), depth + 1) ?? (Array.isArray(inner) ? errnoOf(inner[0], depth + 1) : undefined)
}

function factsOf(seen: Seen, call: AwsCall): Facts {
  const code = seen.name ?? seen.errno
  return {
    call,
    ...(code === undefined ? {} : { code }),
    ...(seen.status === undefined ? {} : { status: seen.status }),
    ...(seen.requestId === undefined ? {} : { requestId: seen.requestId }),
  }
}

function names(kind: Kind, ...all: readonly string[]): readonly (readonly [string, Kind])[] {
  return all.map((name) => [name, kind] as const)
}

function property(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined
}
function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
function number(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 ? value : undefined
}
