import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { claimFolder } from '../../main/sandbox/marker.ts'
import { openState } from '../../main/sandbox/control/state.ts'
import { putCounts } from '../../main/sandbox/countedStore.ts'
import { openObjects } from '../../main/sandbox/s3/objectStore.ts'
import { bucket } from '../kit/sandboxControl.ts'

test('a gateway that is killed again and again uploads every file once: one data version, one metadata version', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'firn-share-'))
  try {
    const script = new URL('../kit/shareUntilKilled.ts', import.meta.url).pathname
    const run = (killAfter: number | undefined) =>
      new Promise<number | null>((resolve) => {
        const child = spawn(process.execPath, [script, join(folder, 'sandbox')], { stdio: 'ignore' })
        const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfter)
        child.once('exit', (code) => {
          clearTimeout(timer)
          resolve(code)
        })
      })
    claimFolder(join(folder, 'sandbox'))
    const share = join(folder, 'sandbox', 'share')
    mkdirSync(share)
    for (let at = 0; at < 600; at += 1) writeFileSync(join(share, `${at}.dcm`), `instance ${at} `.repeat(3000))
    writeFileSync(join(share, 'slide.dcm'), Buffer.alloc(20_000_000, 1))
    const ends: (number | null)[] = []
    for (const killAfter of [400, 700, 1000, 600, 800]) ends.push(await run(killAfter))
    expect(ends).toContain(null)
    expect(await run(undefined)).toBe(0)
    const state = openState(join(folder, 'sandbox', 'control.db'))
    const counts = putCounts(state)
    state.close()
    const cloud = openObjects(join(folder, 'sandbox', 'cloud'), { clock: { now: () => 0 } })
    const versions = cloud.versions(bucket, '')
    cloud.close()
    expect(counts.repeated).toEqual([])
    expect(new Set(versions.map((version) => version.key)).size).toBe(601)
    expect(versions).toHaveLength(2 * 601)
    expect(versions.filter((version) => version.isLatest).every((version) => version.metadata['file-mtime'] !== undefined)).toBe(true)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
