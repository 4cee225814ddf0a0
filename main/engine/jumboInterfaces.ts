/** Network interfaces with jumbo frames, which a Snowball does not support (Snowball Edge Developer Guide, limits: MTU 1500). */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

const largestMtu = 1500

/** Linux only: elsewhere the system tells it by no file, and none is named. @param folder where Linux shows its interfaces */
export async function jumboInterfaces(folder = '/sys/class/net'): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => [])
  const mtus = await Promise.all(
    names.map(async (name) => [name, Number(await readFile(join(folder, name, 'mtu'), 'utf8').catch(() => 0))] as const),
  )
  return mtus.flatMap(([name, mtu]) => (name !== 'lo' && mtu > largestMtu ? [name] : [])).toSorted()
}
