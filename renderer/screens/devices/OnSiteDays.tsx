/** Days on site of those that are included. */
import type { DeviceRow } from '../../../shared/contract/calls/devices.ts'
import { useMigration } from '../../bridge/live.ts'
import { useWords } from '../../language.tsx'
import { useFigures } from '../../parts/figures.ts'
import { Tone } from '../../parts/Word.tsx'
import { devicesWords } from './devicesWords.ts'

/** So many days before the end a person should know. */
const soon = 3

export function OnSiteDays({ of: onSite }: { readonly of: DeviceRow['onSite'] }) {
  const t = useWords(devicesWords)
  const figures = useFigures()
  // While a person reads, simulated months pass: nothing to be warned of.
  const rehearsal = useMigration()?.kind === 'rehearsal'
  if (onSite === null) return '–'
  const text = t.days(figures.count(Math.floor(onSite.days)), figures.count(onSite.included))
  if (rehearsal) return <span>{t.simulatedDays(text)}</span>
  if (onSite.days <= onSite.included - soon) return text
  return (
    <Tone tone={onSite.days > onSite.included ? 'wrong' : 'person'}>
      {onSite.days > onSite.included ? `${text} · ${t.daysOver(figures.count(Math.ceil(onSite.days - onSite.included)))}` : text}
    </Tone>
  )
}
