/** The first run: from the first window to a finished rehearsal, by its buttons. */
import { afterEach, expect } from 'vitest'
import { closeAll, desktopTest, isOver, launch, newHome } from './kit.ts'

afterEach(closeAll)

desktopTest(
  'one click makes a rehearsal, and every step of it ends verified',
  async () => {
    const { page, ask, until, complaints } = await launch(newHome())
    await page.getByRole('button', { name: 'Rehearse with a sample archive' }).click()
    await until((snapshot) => isOver(snapshot, 'prepare'))
    expect(await page.title()).toContain('REHEARSAL')
    expect(await ask('works.start', { kind: 'rehearsal' })).toMatchObject({ ok: true })
    const { migration } = await until((snapshot) => isOver(snapshot, 'rehearsal'))
    expect(migration?.works.find(({ kind }) => kind === 'rehearsal')).toMatchObject({ state: 'done', fault: null })
    expect(migration?.verdicts).toMatchObject({ mismatch: 0, missing: 0 })
    expect(complaints).toEqual([])
  },
  900_000,
)
