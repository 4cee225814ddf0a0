/** Orders what the approved plan holds: says first what will be ordered, and what the account may have. */
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { Answer } from '../../../shared/contract/bridge.ts'
import { useAct } from '../../bridge/answers.ts'
import { useWords } from '../../language.tsx'
import { AskPerson } from '../../parts/AskPerson.tsx'
import { FaultBox } from '../../parts/FaultBox.tsx'
import { useFigures } from '../../parts/figures.ts'
import { devicesWords } from './devicesWords.ts'
import { orderWords } from './orderWords.ts'

type Props = {
  readonly planned: number
  readonly usage: Answer<'devices.list'>['usage']
  readonly settings: Answer<'devices.orderSettings'> | undefined
  readonly onClose: () => void
  readonly onOrdered: (devices: number) => void
}

export function OrderDevices({ planned, usage, settings, onClose, onOrdered }: Props) {
  const t = useWords(devicesWords)
  const figures = useFigures()
  const order = useAct('devices.order', {
    changes: ['devices.list', 'devices.detail'],
    onDone: ({ ordered }) => {
      onOrdered(ordered.length)
      onClose()
    },
  })
  const now = usage === null ? planned : Math.min(planned, Math.max(0, usage.limit - usage.inUse))
  return (
    <AskPerson
      title={t.orderTitle(t.devicesCount(now))}
      action={t.order}
      onClose={onClose}
      onDone={(person) => {
        if (!order.isPending) order.mutate({ person })
      }}
    >
      <SpaceBetween size="xs">
        <strong>{t.orderMeans(t.devicesCount(now))}</strong>
        <div>{usage === null ? t.orderUnknown : t.orderLimit(t.devicesCount(usage.limit), figures.count(usage.inUse))}</div>
        {now < planned && <div>{t.orderRest(t.devicesCount(planned - now))}</div>}
        <Expected of={settings} />
        <div>{t.orderCost}</div>
        {order.error !== null && <FaultBox fault={order.error} compact />}
      </SpaceBetween>
    </AskPerson>
  )
}

/** Where to, how long and how much, as far as settings and plan know. */
function Expected({ of }: { readonly of: Props['settings'] }) {
  const t = useWords(orderWords)
  const figures = useFigures()
  const address = of?.settings?.address
  const estimate = of?.estimate ?? null
  const cost = estimate?.cost ?? null
  return (
    <>
      {address !== undefined && <div>{t.shipsTo(address.company ?? address.name, address.city)}</div>}
      {estimate !== null && (
        <div>{t.takes(t.days(figures.count(Math.round(estimate.days.low)), figures.count(Math.round(estimate.days.high))))}</div>
      )}
      {cost !== null && (
        <div>{t.costs(figures.count(Math.round(cost.low)), figures.count(Math.round(cost.high)), cost.currency, cost.asOf)}</div>
      )}
    </>
  )
}
