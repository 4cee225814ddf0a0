/** Copy, kill, resume: the engine's process and the whole application are killed in the middle, and the work is finished all the same. */
import { once } from 'node:events'
import { afterEach, expect } from 'vitest'
import { closeAll, desktopTest, isOver, launch, newHome, type Desktop } from './kit.ts'

afterEach(closeAll)

async function inTheMiddle(desktop: Desktop): Promise<{ readonly pid: number; readonly id: string }> {
  const made = await desktop.ask('migrations.rehearse', { instances: 3000 })
  if (!made.ok) throw new Error(made.fault.code)
  await desktop.until((snapshot) => isOver(snapshot, 'prepare'))
  await desktop.ask('works.start', { kind: 'rehearsal' })
  const { engine } = await desktop.until(
    (snapshot) => snapshot.migration?.works.some((work) => work.kind === 'rehearsal' && work.items > 0) ?? false,
  )
  return { pid: engine.pid, id: (made.value as { id: string }).id }
}

async function finishes(desktop: Desktop): Promise<void> {
  const { migration } = await desktop.until(
    (snapshot) => snapshot.migration?.works.some((work) => work.kind === 'rehearsal' && ['done', 'failed'].includes(work.state)) ?? false,
  )
  expect(migration?.works.findLast(({ kind }) => kind === 'rehearsal')).toMatchObject({ state: 'done', fault: null })
  expect(migration?.verdicts).toMatchObject({ mismatch: 0, missing: 0 })
}

desktopTest(
  'the engine is killed: the window says so, it is started again, and the work goes on',
  async () => {
    const desktop = await launch(newHome())
    const { pid } = await inTheMiddle(desktop)
    process.kill(pid, 'SIGKILL')
    const restarted = await desktop.until(({ engine }) => engine.pid !== pid)
    expect(restarted.migration?.id).toBeDefined()
    expect(await desktop.ask('host.state')).toMatchObject({
      value: { engine: { restarts: 1, lastEnd: { how: expect.any(String) as unknown } } },
    })
    await finishes(desktop)
  },
  900_000,
)

desktopTest(
  'the whole application is killed: after the next start the same migration is finished',
  async () => {
    const first = await launch(newHome())
    const { id } = await inTheMiddle(first)
    const gone = once(first.app.process(), 'exit')
    first.app.process().kill('SIGKILL')
    await gone
    const second = await launch(first.home)
    await expect.poll(async () => (await second.ask('migrations.open', { id })).ok, { timeout: 60_000 }).toBe(true)
    await second.ask('works.resumeAll')
    await finishes(second)
  },
  900_000,
)

desktopTest('quitting without work in flight ends every process of it', async () => {
  const { app, until } = await launch(newHome())
  const { engine } = await until(() => true)
  const gone = once(app.process(), 'exit')
  await app.evaluate(({ app }) => app.quit())
  expect(await gone).toEqual([0, null])
  expect(() => process.kill(engine.pid, 0)).toThrow('ESRCH')
})
