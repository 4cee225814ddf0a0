/**
 * PutObject for the path that every small item takes: signed by the SDK's own signer and sent by the client's own handler (its sockets, timeouts, and the
 * certificate of a device), without the rest of the SDK between them, which costs a millisecond of processor time a request (docs/measurements.md).
 * Amazon S3 API Reference, PutObject.
 */
import type { S3Client } from '@aws-sdk/client-s3'
import { SignatureV4 } from '@smithy/signature-v4'
import { XMLParser } from 'fast-xml-parser'
import { toHex } from '../../shared/units/digest.ts'

export type LeanPut = (
  key: string,
  body: Uint8Array,
  /** Besides those that every request has. Values are ASCII. */
  headers: Readonly<Record<string, string>>,
  sha256: Uint8Array,
  signal: AbortSignal,
) => Promise<{ readonly etag: string | undefined; readonly versionId: string | undefined }>

type Place = { readonly url: URL; readonly signer: SignatureV4 }

/** The handler's answer, of which the SDK's own types tell less. */
type Handler = {
  handle(
    request: object,
    options: { readonly abortSignal: AbortSignal },
  ): Promise<{
    readonly response: {
      readonly statusCode: number
      readonly headers: Readonly<Record<string, string>>
      readonly body: AsyncIterable<Uint8Array>
    }
  }>
}

/** More of a refusal is not read: S3's are some hundred bytes. */
const mostOfRefusal = 64 * 1024
const parser = new XMLParser({ ignoreAttributes: true, parseTagValue: false })

/** `seen` hears of every answer: of a refusal or a broken connection with the error. Errors are as the SDK throws them: name, and $metadata with the status. */
export function leanPut(client: S3Client, bucket: string, seen: (error: unknown) => void = () => undefined): LeanPut {
  let place: Promise<Place> | undefined
  return async (key, body, headers, sha256, signal) => {
    signal.throwIfAborted()
    place ??= placeOf(client, bucket)
    const { url, signer } = await place
    const request = await signer.sign({
      method: 'PUT',
      protocol: url.protocol,
      hostname: url.hostname,
      ...(url.port === '' ? {} : { port: Number(url.port) }),
      path: `${url.pathname.replace(/\/$/, '')}/${encoded(key)}`,
      query: {},
      headers: {
        host: url.host,
        'content-length': String(body.length),
        'x-amz-content-sha256': toHex(sha256),
        ...headers,
      },
      body,
    })
    try {
      const { response } = await (client.config.requestHandler as Handler).handle(request, { abortSignal: signal })
      const text = await textOf(response.body)
      if (response.statusCode >= 300) throw refusal(response.statusCode, response.headers, text)
      seen(undefined)
      return { etag: response.headers['etag'], versionId: response.headers['x-amz-version-id'] }
    } catch (error) {
      signal.throwIfAborted()
      seen(error)
      throw error
    }
  }
}

async function placeOf(client: S3Client, bucket: string): Promise<Place> {
  const { config } = client
  const region = await config.region()
  const custom = await config.endpoint?.()
  const { url } = config.endpointProvider({
    Bucket: bucket,
    Region: region,
    UseFIPS: await config.useFipsEndpoint(),
    UseDualStack: await config.useDualstackEndpoint(),
    ForcePathStyle: config.forcePathStyle,
    ...(custom === undefined
      ? {}
      : { Endpoint: `${custom.protocol}//${custom.hostname}${custom.port === undefined ? '' : `:${custom.port}`}` }),
  })
  const signer = new SignatureV4({
    service: 's3',
    region,
    // Asked for at each request: credentials of a role are renewed.
    credentials: config.credentials,
    sha256: config.sha256,
    uriEscapePath: false,
    applyChecksum: false,
  })
  return { url, signer }
}

/** As S3 signs paths: every byte but the unreserved ones and the slash. */
function encoded(key: string): string {
  return key
    .split('/')
    .map((part) => encodeURIComponent(part).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`))
    .join('/')
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  // Read to its end in any case: only then the connection serves the next request.
  for await (const chunk of body) {
    size += chunk.length
    if (size <= mostOfRefusal) chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function refusal(status: number, headers: Readonly<Record<string, string>>, text: string): Error {
  const said = told(text)
  return Object.assign(new Error(said.Message ?? ''), {
    name: said.Code ?? 'Unknown',
    $metadata: { httpStatusCode: status, requestId: headers['x-amz-request-id'] },
  })
}

function told(text: string): { readonly Code?: string; readonly Message?: string } {
  try {
    const read = parser.parse(text) as { Error?: { Code?: string; Message?: string } }
    return read.Error ?? {}
  } catch {
    return {}
  }
}
