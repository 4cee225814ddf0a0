/** Ctrl-C: in each stage of a rehearsal it ends within seconds, nothing is written after, and the same command goes on. */
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { firn, scratch, shows, startFirn, summaryOf, treeHash, type Running } from '../kit/firn.ts'
import { contentsOf, expectWholeChain, failedWith, smallArchive } from './failuresKit.ts'

const place = scratch('stop')
afterAll(() => place.remove())

async function interrupted(running: Running, text: string): Promise<void> {
  await shows(running, text)
  const at = performance.now()
  running.child.kill('SIGINT')
  const ended = await running.ended
  expect(performance.now() - at, text).toBeLessThan(5000)
  expect(ended.exitCode, `${text}\n${ended.stderr}`).toBe(130)
  failedWith(ended, 'stopped', 130)
}

test('in each stage of one and the same rehearsal', async () => {
  const archive = await smallArchive(join(place.folder, 'archive'), 120)
  const source = treeHash(archive)
  const folder = join(place.folder, 'each')
  const slow = join(place.folder, 'slow.json')
  // Answers slow enough that each stage is met while it works.
  const call = (service: string, operation: string) => ({
    service,
    operation,
    every: 1,
    times: 3,
    effect: { kind: 'slow', milliseconds: 1000 },
  })
  writeFileSync(
    slow,
    JSON.stringify({ calls: [call('device', '*'), call('s3', 'HeadObject'), call('storagegateway', 'NotifyWhenUploaded')] }),
  )
  const command = ['rehearse', archive, '--into', folder, '--fault-plan', slow, '--json']
  // The last is whichever state the simulated days of the stop before have left it in.
  const way = ['Scan:', 'Plan:', 'Push:', 'Device 1: WithCustomer', 'Device 1: InTransitToAWS', 'Device 1: ']
  const stages = [...way, 'Land:', 'Verify:', 'Evidence:']
  for (const stage of stages) {
    const running = startFirn(command)
    await interrupted(running, stage)
    const { stderr } = await running.ended
    expect(stderr).toContain(`Go on with: firn rehearse ${archive} --into ${folder} --fault-plan ${slow}`)
    const after = contentsOf(folder)
    await delay(250)
    expect(contentsOf(folder), `written after the stop in ${stage}`).toEqual(after)
    expectWholeChain(join(folder, 'migration'))
  }
  const ended = await firn(command)
  expect(ended.exitCode, ended.stderr).toBe(0)
  expect(summaryOf(ended)).toMatchObject({ verification: { allVerified: true } })
  expect(treeHash(archive)).toBe(source)
})

test('what it says to go on with is a command that goes on', async () => {
  const folder = join(place.folder, "it's here")
  const running = startFirn(['rehearse', '--instances', '60', '--into', folder])
  await shows(running, 'Push:')
  running.child.kill('SIGTERM')
  const { exitCode, stderr } = await running.ended
  expect(exitCode).toBe(130)
  const said = /Go on with: firn (.*)/.exec(stderr)?.[1] ?? ''
  const entry = join(import.meta.dirname, '../../main/cli/firn.ts')
  const shell = spawn('sh', ['-c', `'${process.execPath}' '${entry}' ${said}`], { stdio: 'ignore' })
  expect(await new Promise((resolve) => shell.once('close', resolve))).toBe(0)
})

test('pressed again and again, it ends with 130 and nothing is lost', async () => {
  const folder = join(place.folder, 'again')
  const command = ['rehearse', '--instances', '60', '--into', folder, '--json']
  const running = startFirn(command)
  await shows(running, 'Push:')
  const over = running.ended.then(() => true)
  do running.child.kill('SIGINT')
  while (!(await Promise.race([over, delay(20, false)])))
  const { exitCode, signal } = await running.ended
  expect({ exitCode, signal }).toEqual({ exitCode: 130, signal: null })
  expectWholeChain(join(folder, 'migration'))
  const ended = await firn(command)
  expect(ended.exitCode, ended.stderr).toBe(0)
})
