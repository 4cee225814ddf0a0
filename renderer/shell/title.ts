/** The title of the window or tab: the state of the migration, for those who look at it from outside. */
import { useEffect } from 'react'
import { useHost, useMigration } from '../bridge/live.ts'
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
  const migration = useMigration()
  const stale = useStaleSince()
  const engine = useHost()?.engine.state
  const parts: string[] = []
  if (engine === 'gave-up' || engine === 'stopped') parts.push(t.engine)
  else if (stale !== undefined && migration !== undefined) parts.push(t.stale(figures.clock(stale.since)))
  if (migration !== undefined) {
    const { inventory, verified } = migration.totals
    if (migration.kind === 'rehearsal') parts.push(t.rehearsal)
    parts.push(figures.percent(inventory.bytes === 0 ? 0 : verified.bytes / inventory.bytes), migration.name)
  }
  const title = [...parts, names[screen], 'Firn'].join(' · ')
  useEffect(() => {
    document.title = title
  }, [title])
}
