/** One HTTP listener of the sandbox: a port of this machine, with time limits on everything a caller may leave open. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Fault } from '../../../shared/faults/fault.ts'

export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>

export type ListenOptions = {
  /** 0 takes any free port. */
  readonly port: number
  readonly host: '127.0.0.1' | '::1' | '0.0.0.0'
  readonly handle: Handler
  /** Connections beyond this are dropped. A Snowball takes 1,000. */
  readonly maxConnections?: number
  /** How long the headers of a request may take. */
  readonly headersTimeoutMs?: number
  /** How long a whole request may take to arrive; a 5 GiB part over a slow loop needs its time. */
  readonly requestTimeoutMs?: number
  /** A connection on which nothing moves for this long is cut. */
  readonly idleTimeoutMs?: number
}

export type Listening = { readonly port: number; close(): Promise<void> }

/** @throws Fault port-in-use with facts {port} when another program listens there. */
export async function listen(options: ListenOptions): Promise<Listening> {
  const server = createServer(
    {
      headersTimeout: options.headersTimeoutMs ?? 20_000,
      requestTimeout: options.requestTimeoutMs ?? 3_600_000,
      keepAliveTimeout: 30_000,
      maxHeaderSize: 16_384,
      noDelay: true,
    },
    (request, response) => {
      // A handler answers its own errors; what still escapes must not take the process down, nor leave the caller waiting.
      options.handle(request, response).catch(() => response.destroy())
    },
  )
  if (options.maxConnections !== undefined) server.maxConnections = options.maxConnections
  server.setTimeout(options.idleTimeoutMs ?? 120_000)
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new Fault('port-in-use', { port: options.port }, { cause: error }) : error)
    })
    server.listen(options.port, options.host, resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
  }
}
