/** The host's own list of folders, where there is no dialog: from sensible places down, no link followed, never more than can be read. */
import type { Dirent } from 'node:fs'
import { lstat, opendir, realpath } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Answer } from '../../shared/contract/bridge.ts'
import { Fault } from '../../shared/faults/fault.ts'
import type { PathTokens } from './pathTokens.ts'

const mostShown = 2000
/** A folder of a million files is read so far, to find the folders among them. */
const mostRead = 50_000

type Listing = Answer<'host.browse'>
type Entry = { readonly name: string; readonly kind: 'folder' | 'file' }

/** Where archives and mounted shares are, on this platform: those that exist. */
async function placesToBeginAt(platform: NodeJS.Platform): Promise<readonly string[]> {
  const drives = Array.from('CDEFGHIJKLMNOPQRSTUVWXYZ', (letter) => `${letter}:\\`)
  const places =
    platform === 'win32'
      ? [homedir(), ...drives]
      : platform === 'darwin'
        ? [homedir(), '/Volumes', '/']
        : [homedir(), '/mnt', '/media', '/srv', '/data', '/']
  const real = await Promise.all(places.map((place) => realpath(place).catch(() => undefined)))
  return [...new Set(real.filter((place) => place !== undefined))]
}

/** @throws Fault place-unknown, source-unreadable. */
export async function browse(
  tokens: PathTokens,
  input: { readonly in: string | null; readonly files: boolean },
  platform: NodeJS.Platform = process.platform,
): Promise<Listing> {
  if (input.in === null) {
    const places = await placesToBeginAt(platform)
    return {
      here: null,
      parent: null,
      entries: places.map((place) => ({ token: tokens.tokenFor(place).token, name: place, kind: 'folder' })),
      more: false,
    }
  }
  const here = tokens.pathOf(input.in)
  // A link that took the folder's place meanwhile would lead elsewhere.
  const real = await realpath(here).catch(() => undefined)
  if (real !== here || !(await lstat(here)).isDirectory()) throw new Fault('place-unknown')
  const { entries, more } = await listing(here, input.files)
  const above = dirname(here)
  return {
    here: tokens.tokenFor(here),
    parent: above === here ? null : tokens.tokenFor(above).token,
    entries: entries.map(({ name, kind }) => ({ token: tokens.tokenFor(join(here, name)).token, name, kind })),
    more,
  }
}

async function listing(folder: string, files: boolean): Promise<{ readonly entries: readonly Entry[]; readonly more: boolean }> {
  const found: Entry[] = []
  let read = 0
  let more = false
  try {
    for await (const entry of await opendir(folder)) {
      read += 1
      if (read > mostRead) {
        more = true
        break
      }
      const kind = kindOf(entry)
      if (kind === 'folder' || (kind === 'file' && files)) found.push({ name: entry.name, kind })
    }
  } catch (error) {
    const errno = error instanceof Error && 'code' in error && typeof error.code === 'string' ? { errno: error.code } : {}
    throw new Fault('source-unreadable', errno, { cause: error })
  }
  found.sort((a, b) => (a.kind === b.kind ? a.name.localeCompare(b.name) : a.kind === 'folder' ? -1 : 1))
  return { entries: found.slice(0, mostShown), more: more || found.length > mostShown }
}

function kindOf(entry: Dirent): 'folder' | 'file' | undefined {
  return entry.isDirectory() ? 'folder' : entry.isFile() ? 'file' : undefined
}
