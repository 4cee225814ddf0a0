/** Three numbers, pushed, landed and verified, and the gap between the first two. */
import Box from '@cloudscape-design/components/box'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { Answer } from '../../../shared/contract/bridge.ts'
import { useWords } from '../../language.tsx'
import { useFigures } from '../../parts/figures.ts'
import { SplitBar } from '../../parts/SplitBar.tsx'
import { shareWords } from './shareWords.ts'

export function PushedAndLanded({ of: { planned, pushed, landed, verified, gap } }: { readonly of: Answer<'share.state'> }) {
  const t = useWords(shareWords)
  const figures = useFigures()
  const numbers = [
    { name: t.pushed, means: t.pushedMeans, amount: pushed },
    { name: t.landed, means: t.landedMeans, amount: landed },
    { name: t.verified, means: t.verifiedMeans, amount: verified },
  ]
  const byGateway = gap === null ? undefined : Math.max(0, pushed.bytes - gap.bytes)
  const landedBytes = Math.max(landed?.bytes ?? 0, byGateway ?? 0, verified.bytes)
  return (
    <SpaceBetween size="m">
      <dl className="share-numbers">
        {numbers.map(({ name, means, amount }) => (
          <div key={name}>
            <dt>
              {name} <span className="share-means">{means}</span>
            </dt>
            <dd>
              {amount === null ? (
                <Box color="text-body-secondary">
                  {byGateway === undefined || byGateway === 0 ? t.landedUnknown : t.landedByGateway(figures.bytes(byGateway))}
                </Box>
              ) : (
                <>
                  <span className="share-number">{figures.bytes(amount.bytes)}</span>
                  <span className="share-means">
                    {figures.items(amount.items)}
                    {planned.bytes > 0 ? ` · ${t.ofPlanned(figures.percent(amount.bytes / planned.bytes))}` : ''}
                  </span>
                </>
              )}
            </dd>
          </div>
        ))}
        <div className="share-gap">
          <dt>{t.gap}</dt>
          <dd>
            {gap === null ? (
              <Box color="text-body-secondary">{t.gapUnknown}</Box>
            ) : pushed.items === 0 ? (
              t.gapNothing
            ) : gap.bytes === 0 ? (
              t.gapNone
            ) : (
              <>
                <span className="share-number">{t.gapBytes(figures.bytes(gap.bytes))}</span>
                <span className="share-means">{gap.ms === null ? '' : t.gapTime(figures.range(gap.ms))}</span>
              </>
            )}
          </dd>
        </div>
      </dl>
      <SplitBar
        label={t.bar}
        formatValue={figures.bytes}
        parts={[
          { label: t.verifiedPart, value: verified.bytes, tone: 'good' },
          { label: t.landedPart, value: Math.max(0, landedBytes - verified.bytes), tone: 'info' },
          { label: t.pushedPart, value: Math.max(0, pushed.bytes - landedBytes), tone: 'info-soft' },
          { label: t.waitingPart, value: Math.max(0, planned.bytes - pushed.bytes), tone: 'later' },
        ]}
      />
    </SpaceBetween>
  )
}
