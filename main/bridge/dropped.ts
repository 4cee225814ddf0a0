/** A folder that was dropped on the window: its path goes no further than here, the page gets a token and a label. */
import { isAbsolute } from 'node:path'
import type { ChosenPath } from '../../shared/contract/calls/call.ts'
import type { Host } from '../hosting/abilities.ts'

const longestPath = 32_768

/** `null`: not a folder. */
export async function droppedFolder(
  path: unknown,
  isFolder: (path: string) => Promise<boolean>,
  host: Pick<Host, 'tokenFor'>,
): Promise<ChosenPath | null> {
  if (typeof path !== 'string' || path.length > longestPath || path.includes('\0') || !isAbsolute(path)) return null
  return (await isFolder(path)) ? host.tokenFor(path) : null
}
