/** The screens, loaded when they are first shown. */
import { lazy, memo } from 'react'
import type { Screen } from '../screen.ts'

const Start = lazy(() => import('../screens/Start.tsx').then(({ Start }) => ({ default: Start })))
const Overview = lazy(() => import('../screens/Overview.tsx').then(({ Overview }) => ({ default: Overview })))
const Archives = lazy(() => import('../screens/archives/Archives.tsx').then(({ Archives }) => ({ default: Archives })))
const Plan = lazy(() => import('../screens/plan/Plan.tsx').then(({ Plan }) => ({ default: Plan })))
const Devices = lazy(() => import('../screens/devices/Devices.tsx').then(({ Devices }) => ({ default: Devices })))
const Share = lazy(() => import('../screens/share/Share.tsx').then(({ Share }) => ({ default: Share })))
const Transfers = lazy(() => import('../screens/transfers/Transfers.tsx').then(({ Transfers }) => ({ default: Transfers })))
const Verification = lazy(() => import('../screens/verification/Verification.tsx').then(({ Verification }) => ({ default: Verification })))
const Evidence = lazy(() => import('../screens/evidence/Evidence.tsx').then(({ Evidence }) => ({ default: Evidence })))
const Settings = lazy(() => import('../screens/Settings.tsx').then(({ Settings }) => ({ default: Settings })))
const Diagnostics = lazy(() => import('../screens/Diagnostics.tsx').then(({ Diagnostics }) => ({ default: Diagnostics })))

/** Drawn again for another screen only; what it shows of the snapshot it listens to itself. */
export const ScreenContent = memo(function ScreenContent({ screen }: { readonly screen: Screen }) {
  switch (screen.at) {
    case 'start':
      return <Start />
    case 'overview':
      return <Overview />
    case 'archives':
      return (
        <Archives
          {...(screen.show === undefined ? {} : { show: screen.show })}
          {...(screen.anomaly === undefined ? {} : { anomaly: screen.anomaly })}
        />
      )
    case 'plan':
      return <Plan />
    case 'devices':
      return <Devices {...(screen.deviceId === undefined ? {} : { deviceId: screen.deviceId })} />
    case 'share':
      return <Share />
    case 'transfers':
      return <Transfers />
    case 'verification':
      return <Verification {...(screen.itemId === undefined ? {} : { itemId: screen.itemId })} />
    case 'evidence':
      return <Evidence />
    case 'settings':
      return <Settings />
    case 'diagnostics':
      return <Diagnostics />
  }
})
