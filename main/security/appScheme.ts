/** Where the window's pages come from: a scheme of our own, GET only, answered from a table of the bundle's files. What is not in the table does not exist. */
import { readdirSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { CustomScheme } from 'electron'

const scheme = 'firn-app'
const host = 'app'
/** What the window opens. */
export const startAddress = `${scheme}://${host}/`

/** Standard: it has hosts and origins. Secure: pages may use what needs a safe context. It neither bypasses the policy below nor serves other origins. */
export const schemePrivileges: CustomScheme = {
  scheme,
  privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
}

export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

/** Kinds of files that the build of the screens makes; a file of another kind is not served. */
const kinds: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
}

const policyHeaders = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

export type ServedFile = { readonly file: string; readonly type: string }
/** By the path of the address, as the browser writes it. */
export type Bundle = ReadonlyMap<string, ServedFile>

/** Every file below the folder. Links are not followed. `without`: names at the top that belong to another host. */
export function bundleOf(folder: string, without: readonly string[] = ['wallboard.html']): Bundle {
  const table = new Map<string, ServedFile>()
  const look = (below: string, at: string): void => {
    for (const entry of readdirSync(below, { withFileTypes: true })) {
      const type = kinds[extname(entry.name)]
      if (entry.isDirectory()) look(join(below, entry.name), `${at}${encodeURIComponent(entry.name)}/`)
      else if (entry.isFile() && type !== undefined && !(at === '/' && without.includes(entry.name)))
        table.set(`${at}${encodeURIComponent(entry.name)}`, { file: join(below, entry.name), type })
    }
  }
  look(folder, '/')
  return table
}

/** Whether the address is of our scheme and host, exactly: no port, no user, nothing that only begins like it. */
export function isOurs(address: string): boolean {
  const url = URL.parse(address)
  return (
    url !== null && url.protocol === `${scheme}:` && url.host === host && url.username === '' && url.password === '' && !/\\/.test(address)
  )
}

/** The bundle's start page, with whatever query or fragment. */
export function isStartPage(address: string): boolean {
  const path = isOurs(address) ? new URL(address).pathname : undefined
  return path === '/' || path === '/index.html'
}

export type Asked = { readonly method: string; readonly url: string }

/** Answers one request of the window. `read`: the whole file; files of the bundle are small. */
export async function answerRequest(
  bundle: Bundle,
  asked: Asked,
  read: (file: string) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<Response> {
  if (!isOurs(asked.url)) return refuse(404)
  if (asked.method !== 'GET') return refuse(405, { allow: 'GET' })
  const { pathname } = new URL(asked.url)
  const served = bundle.get(pathname === '/' ? '/index.html' : pathname)
  if (served === undefined) return refuse(404)
  try {
    return new Response(await read(served.file), { headers: { ...policyHeaders, 'content-type': served.type } })
  } catch {
    // The bundle was changed under the running application; the window shows its own page for it.
    return refuse(500)
  }
}

function refuse(status: number, more: Readonly<Record<string, string>> = {}): Response {
  return new Response(null, { status, headers: { ...policyHeaders, ...more } })
}
