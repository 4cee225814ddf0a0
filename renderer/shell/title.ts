/** The title of the window or tab: the state of the migration, for those who look at it from outside. */
import { useEffect } from 'react'
import { useFromMigration, useHost } from '../bridge/live.ts'
import { useWords, words } from '../language.tsx'
import { useFigures } from '../parts/figures.ts'
import type { ScreenName } from '../screen.ts'
import { screenWords } from '../words/screens.ts'
import { useStaleSince } from './freshness.ts'

const text = words({
  en: { rehearsal: 'REHEARSAL', stale: (time: string) => `stale since ${time}`, engine: 'engine stopped' },
  de: { rehearsal: 'PROBELAUF', stale: (time: string) => `veraltet seit ${time}`, engine: 'Arbeitsprogramm steht' },
})

export function useTitle(screen: ScreenName): void {
  const t = useWords(text)
  const names = useWords(screenWords)
  const figures = useFigures()
  const name = useFromMigration((migration) => migration?.name)
  const rehearsal = useFromMigration((migration) => migration?.kind === 'rehearsal')
  // In thousandths: the title is not written anew for every item.
  const verified = useFromMigration((migration) => {
    const whole = migration?.totals.inventory.bytes ?? 0
    return migration === undefined || whole === 0 ? 0 : Math.floor((migration.totals.verified.bytes / whole) * 1000) / 1000
  })
  const stale = useStaleSince()
  const engine = useHost()?.engine.state
  const parts: string[] = []
  if (engine === 'gave-up' || engine === 'stopped') parts.push(t.engine)
  else if (stale !== undefined && name !== undefined) parts.push(t.stale(figures.clock(stale.since)))
  if (name !== undefined) {
    if (rehearsal) parts.push(t.rehearsal)
    parts.push(figures.percent(verified), name)
  }
  const title = [...parts, names[screen], 'Firn'].join(' · ')
  useEffect(() => {
    document.title = title
  }, [title])
}
