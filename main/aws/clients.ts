/** Clients: every AWS client Firn uses is made here, with timeouts, a bound on sockets, and no retries of its own (see retrying.ts). */
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { IAMClient } from '@aws-sdk/client-iam'
import { S3Client } from '@aws-sdk/client-s3'
import { SnowballClient } from '@aws-sdk/client-snowball'
import { StorageGatewayClient } from '@aws-sdk/client-storage-gateway'
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { minute, second } from '../../shared/units/duration.ts'

export type AwsCredentials = { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string }

/**
 * Where a service is. Without `url`: AWS's own endpoint of the region. Without `credentials`: the SDK's usual chain, or a profile of ~/.aws
 * (its single sign-on included).
 * AWS_ENDPOINT_URL and its kin are ignored: an environment variable must not be able to redirect images (AWS-owned endpoints or what the migration names).
 */
export type Endpoint = { readonly url?: string; readonly region: string; readonly credentials?: AwsCredentials; readonly profile?: string }

/** The S3 adapter of one Snowball. `certificate`: the PEM of `snowballEdge get-certificate`, for https on the device's own address. */
export type DeviceEndpoint = { readonly url: string; readonly credentials: AwsCredentials; readonly certificate?: string }

const connectionTimeout = 5 * second
/** A request in which no byte moves for this long is given up. */
const inactivityTimeout = minute
/** A small question is answered within this time or asked again. */
const answerTimeout = 30 * second
/** A Snowball drops connections beyond 1,000 and a file server beyond far fewer; lanes set their own width below this. */
const mostSockets = 64

const ownRetriesOff = { maxAttempts: 1 }
const ignoreEnvironment = { ignoreConfiguredEndpointUrls: true }
/** Nothing is added to a body or asked of an answer unless the caller says so: digests come from the read of the source, not from the client. */
const plainBodies = {
  requestChecksumCalculation: 'WHEN_REQUIRED',
  responseChecksumValidation: 'WHEN_REQUIRED',
  expectContinueHeader: false,
} as const

/** S3 itself: buckets by path where a `url` is given, by host name otherwise. */
export function cloudS3Client(endpoint: Endpoint): S3Client {
  return new S3Client({
    ...ownRetriesOff,
    ...ignoreEnvironment,
    ...plainBodies,
    ...where(endpoint),
    forcePathStyle: endpoint.url !== undefined,
    requestHandler: { connectionTimeout, socketTimeout: inactivityTimeout, ...agents() },
  })
}

/** A device: region `snow`, path style, plain content-length bodies (AWS Snowball Edge Developer Guide, S3 adapter). */
export function deviceS3Client(endpoint: DeviceEndpoint): S3Client {
  const client = new S3Client({
    ...ownRetriesOff,
    ...ignoreEnvironment,
    ...plainBodies,
    region: 'snow',
    endpoint: endpoint.url,
    credentials: endpoint.credentials,
    forcePathStyle: true,
    requestHandler: { connectionTimeout, socketTimeout: inactivityTimeout, ...agents(endpoint.certificate) },
  })
  // `x-id` names the operation for the SDK's own purposes; whether an adapter of a device puts up with it is nowhere written.
  client.middlewareStack.add(
    (next) => async (args) => {
      const request = args.request as { query?: Record<string, unknown> }
      delete request.query?.['x-id']
      return next(args)
    },
    { step: 'build', name: 'withoutOperationName', priority: 'low' },
  )
  return client
}

export function snowballClient(endpoint: Endpoint): SnowballClient {
  return new SnowballClient({
    ...ownRetriesOff,
    // This client cannot be told to ignore the environment; an endpoint of ours goes before it.
    endpoint: endpoint.url ?? `https://snowball.${endpoint.region}.${domainOf(endpoint.region)}`,
    region: endpoint.region,
    credentials: endpoint.credentials ?? usualChain(endpoint),
    requestHandler: { connectionTimeout, requestTimeout: answerTimeout, ...agents() },
  })
}

export function storageGatewayClient(endpoint: Endpoint): StorageGatewayClient {
  return new StorageGatewayClient({ ...ownRetriesOff, ...ignoreEnvironment, ...where(endpoint), requestHandler: questions() })
}

/** IAM is one for the whole partition; its client finds the endpoint by the Region. */
export function iamClient(endpoint: Endpoint): IAMClient {
  return new IAMClient({ ...ownRetriesOff, ...ignoreEnvironment, ...where(endpoint), requestHandler: questions() })
}

export function cloudWatchClient(endpoint: Endpoint): CloudWatchClient {
  return new CloudWatchClient({ ...ownRetriesOff, ...ignoreEnvironment, ...where(endpoint), requestHandler: questions() })
}

/** What S3's client makes of profile and environment, for a client of an older generation that knows no profiles. Asked for at the first call only. */
function usualChain(endpoint: Endpoint): () => ReturnType<S3Client['config']['credentials']> {
  let s3: S3Client | undefined
  return () => {
    s3 ??= new S3Client(where(endpoint))
    return s3.config.credentials()
  }
}

function where(endpoint: Endpoint): { region: string; endpoint?: string; credentials?: AwsCredentials; profile?: string } {
  return {
    region: endpoint.region,
    ...(endpoint.url === undefined ? {} : { endpoint: endpoint.url }),
    ...(endpoint.credentials === undefined ? {} : { credentials: endpoint.credentials }),
    ...(endpoint.profile === undefined ? {} : { profile: endpoint.profile }),
  }
}

function questions() {
  return { connectionTimeout, requestTimeout: answerTimeout, throwOnRequestTimeout: true, ...agents() }
}

function agents(certificate?: string): { httpAgent: HttpAgent; httpsAgent: HttpsAgent } {
  const shape = { keepAlive: true, maxSockets: mostSockets }
  return {
    httpAgent: new HttpAgent(shape),
    httpsAgent: new HttpsAgent(certificate === undefined ? shape : { ...shape, ca: certificate }),
  }
}

/** AWS's domains by partition (AWS General Reference, partitions). */
function domainOf(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'
}
