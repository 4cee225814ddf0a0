/** What a person should know of a device before it costs money or data. Nothing, where there is nothing. */
import Alert from '@cloudscape-design/components/alert'
import type { DeviceRow } from '../../../shared/contract/calls/devices.ts'
import { useWords } from '../../language.tsx'
import { useFigures } from '../../parts/figures.ts'
import { devicesWords } from './devicesWords.ts'

export function DeviceAlerts({ of: devices }: { readonly of: readonly Pick<DeviceRow, 'ordinal' | 'alerts'>[] }) {
  const t = useWords(devicesWords)
  const figures = useFigures()
  const lines = devices.flatMap(({ ordinal, alerts }) =>
    alerts.map(({ code, days }) => ({ key: `${ordinal} ${code}`, text: `${t.name(ordinal)}: ${t.alerts[code](figures.count(days))}` })),
  )
  if (lines.length === 0) return null
  return (
    <Alert type="warning">
      {lines.map(({ key, text }) => (
        <div key={key}>{text}</div>
      ))}
    </Alert>
  )
}
