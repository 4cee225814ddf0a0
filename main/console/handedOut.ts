/** What one session may fetch besides the screens: reports of bundles, and the support bundle. At addresses nobody can guess, and for that session only. */
import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { Clock, Random } from '../../shared/ports/world.ts'

const mostHandedOut = 64
const downloadLives = 10 * 60_000
const largestReport = 64 * 1024 * 1024

export type HandedOut =
  | { readonly kind: 'report'; readonly body: Buffer; readonly styleHash: string | undefined }
  | { readonly kind: 'download'; readonly name: string; readonly body: Buffer }

type Kept = { readonly session: string } & (
  | { readonly kind: 'report'; readonly file: string }
  | { readonly kind: 'download'; readonly name: string; readonly body: Buffer; readonly endsAt: number }
)

export type HandOuts = {
  report(file: string, session: string): string
  /** Good once. */
  download(name: string, body: Uint8Array, session: string): string
  fetch(path: string, session: string): Promise<HandedOut | undefined>
  forgetSession(session: string): void
}

export function openHandOuts(clock: Clock, random: Random): HandOuts {
  const all = new Map<string, Kept>()
  const keep = (folder: string, kept: Kept): string => {
    const path = `/${folder}/${Buffer.from(random.bytes(32)).toString('hex')}`
    all.set(path, kept)
    for (const oldest of all.keys()) if (all.size > mostHandedOut) all.delete(oldest)
    return path
  }
  return {
    report: (file, session) => keep('report', { kind: 'report', file, session }),
    download(name, body, session) {
      for (const [path, kept] of all) if (kept.kind === 'download' && kept.session === session) all.delete(path)
      return keep('download', { kind: 'download', name, body: Buffer.from(body), session, endsAt: clock.now() + downloadLives })
    },
    async fetch(path, session) {
      const kept = all.get(path)
      if (kept?.session !== session) return undefined
      if (kept.kind === 'report') {
        const body = await read(kept.file)
        return body === undefined ? undefined : { kind: 'report', body, styleHash: styleHash(body) }
      }
      all.delete(path)
      return kept.endsAt < clock.now() ? undefined : { kind: 'download', name: kept.name, body: kept.body }
    },
    forgetSession(session) {
      for (const [path, kept] of all) if (kept.session === session) all.delete(path)
    },
  }
}

/** Opened once, so that what is measured is what is read. */
async function read(file: string): Promise<Buffer | undefined> {
  try {
    const handle = await open(file)
    try {
      const { size } = await handle.stat()
      return size > largestReport ? undefined : await handle.readFile()
    } finally {
      await handle.close()
    }
  } catch {
    return undefined
  }
}

/** Of the page's one style sheet, as CSP counts it: the text between the tags. */
function styleHash(page: Buffer): string | undefined {
  const style = /<style>([^<]*)<\/style>/.exec(page.toString('utf8'))?.[1]
  return style === undefined ? undefined : createHash('sha256').update(style).digest('base64')
}
