/** States as words with an icon and a tone: a colour never stands alone. */
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator'
import type { ReactNode } from 'react'
import type { WorkState } from '../../shared/contract/snapshot.ts'
import type { Verdict } from '../../shared/domain/verification.ts'
import { useLanguage } from '../language.tsx'
import { verdictTones, verdictWords } from '../words/verdicts.ts'
import { workStateWords } from '../words/works.ts'
import { useFigures } from './figures.ts'
import type { ToneName } from './tones.ts'

const looks: Readonly<Record<ToneName, { readonly type: StatusIndicatorProps.Type; readonly color: StatusIndicatorProps.Color }>> = {
  good: { type: 'success', color: 'green' },
  person: { type: 'warning', color: 'yellow' },
  wrong: { type: 'error', color: 'red' },
  later: { type: 'pending', color: 'grey' },
  info: { type: 'info', color: 'blue' },
}

type ToneProps = { readonly tone: ToneName; readonly icon?: StatusIndicatorProps.Type; readonly children: ReactNode }

export function Tone({ tone, icon, children }: ToneProps) {
  return (
    <StatusIndicator type={icon ?? looks[tone].type} colorOverride={looks[tone].color}>
      {children}
    </StatusIndicator>
  )
}

/** The verdict's own word, the same in every language; what it means is its title. */
export function VerdictWord({ of, count }: { readonly of: Verdict; readonly count?: number }) {
  const meaning = verdictWords[useLanguage()][of]
  const figures = useFigures()
  return (
    <span title={meaning}>
      <Tone tone={verdictTones[of]}>
        {count === undefined ? '' : `${figures.count(count)} `}
        <span lang="en">{of}</span>
      </Tone>
    </span>
  )
}

/** Blue when done: only what is verified is green. */
export function WorkWord({ of }: { readonly of: WorkState }) {
  const t = workStateWords[useLanguage()]
  if (of.stalledSince !== null && of.state === 'running') return <Tone tone="person">{t.stalled}</Tone>
  switch (of.state) {
    case 'waiting':
      return <Tone tone="later">{t.waiting}</Tone>
    case 'running':
      return (
        <Tone tone="info" icon="in-progress">
          {of.waitingFor === null ? t.running : t.waitingFor}
        </Tone>
      )
    case 'stopping':
      return (
        <Tone tone="later" icon="in-progress">
          {t.stopping}
        </Tone>
      )
    case 'paused':
      return (
        <Tone tone={of.because === 'person' || of.because === null ? 'person' : 'later'} icon="stopped">
          {t.paused}
        </Tone>
      )
    case 'done':
      return of.needsLook ? (
        <Tone tone="person">{t.doneLook}</Tone>
      ) : (
        <Tone tone="info" icon="success">
          {t.done}
        </Tone>
      )
    case 'failed':
      return <Tone tone="wrong">{t.failed}</Tone>
    case 'cancelled':
      return (
        <Tone tone="later" icon="stopped">
          {t.cancelled}
        </Tone>
      )
  }
}
