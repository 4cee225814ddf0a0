/** Jumbo frames: a Snowball does not take them, and what is wrong with them is hard to see otherwise. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { jumboInterfaces } from '../../main/engine/jumboInterfaces.ts'

test('an interface with an MTU above 1,500 is named, the loopback is not, and a system that tells nothing names none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'firn-net-'))
  try {
    for (const [name, mtu] of Object.entries({ eth0: 1500, storage1: 9000, lo: 65_536, bond0: 1501 })) {
      mkdirSync(join(folder, name))
      writeFileSync(join(folder, name, 'mtu'), `${mtu}\n`)
    }
    mkdirSync(join(folder, 'silent'))
    expect(await jumboInterfaces(folder)).toEqual(['bond0', 'storage1'])
    expect(await jumboInterfaces(join(folder, 'nowhere'))).toEqual([])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
