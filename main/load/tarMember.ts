/** Tar members as Snowball's extraction takes them: regular files, plain names without a leading `./`, nothing that differs from run to run. */
import { tarEndBytes } from '../../shared/domain/batch.ts'
import { Fault } from '../../shared/faults/fault.ts'
import { pack } from 'tar-stream'

const latestMtime = 2 ** 31 - 1

export type MemberHead = { readonly name: string; readonly mtimeUs: number }

/**
 * The bytes of one member: header (with a pax header before it where the name needs one), body, padding to a block. The same input
 * gives the same bytes, so that a tar can be continued in the middle of a member. A time outside 1970 to 2038 is written as the nearest within.
 */
export async function tarMember(head: MemberHead, body: Uint8Array): Promise<readonly Uint8Array[]> {
  const seconds = Math.min(Math.max(Math.floor(head.mtimeUs / 1_000_000), 0), latestMtime)
  const packing = pack()
  packing.entry(
    { name: head.name, size: body.length, mode: 0o644, uid: 0, gid: 0, mtime: new Date(seconds * 1000), type: 'file' },
    Buffer.from(body.buffer, body.byteOffset, body.length),
  )
  packing.finalize()
  const chunks: Uint8Array[] = []
  for await (const chunk of packing) if (chunk instanceof Uint8Array) chunks.push(chunk)
  // The end of an archive; whoever packs writes it once.
  chunks.pop()
  return chunks
}

/** What `tarMember` would give for a body of `size` bytes, in bytes. */
export async function tarMemberLength(name: string, size: number): Promise<number> {
  const head = lengthOf(await tarMember({ name, mtimeUs: 0 }, new Uint8Array(0)))
  return head + Math.ceil(size / 512) * 512
}

export const tarEnd: Uint8Array = new Uint8Array(tarEndBytes)

function lengthOf(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0)
}

/** Name of a member: its key below the folder that the batch lies in, because extraction puts it there. */
export function memberName(batchKey: string, key: string): string {
  const folder = batchKey.slice(0, batchKey.lastIndexOf('/') + 1)
  const name = key.slice(folder.length)
  if (!key.startsWith(folder) || name === '' || name.startsWith('/')) throw new Fault('unforeseen', { member: 'not below its batch' })
  return name
}
