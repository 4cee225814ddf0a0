/** The cache as a gauge: how much of it waits for upload, with the marks where Firn slows down and where the gateway refuses. */
import Box from '@cloudscape-design/components/box'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { Answer } from '../../../shared/contract/bridge.ts'
import { useWords } from '../../language.tsx'
import { useFigures } from '../../parts/figures.ts'
import { shareWords } from './shareWords.ts'

const centre = { x: 120, y: 116 }
const radius = 92
/** Thresholds of the gateway: AWS Storage Gateway User Guide, CachePercentDirty. */
const slower = 80
const refuses = 90

/** On the half circle: 0 is left, 100 is right. */
function at(percent: number, distance: number): { readonly x: number; readonly y: number } {
  const angle = Math.PI * (1 - Math.min(Math.max(percent, 0), 100) / 100)
  return { x: centre.x + distance * Math.cos(angle), y: centre.y - distance * Math.sin(angle) }
}

function arc(from: number, to: number): string {
  const a = at(from, radius)
  const b = at(to, radius)
  return `M ${a.x} ${a.y} A ${radius} ${radius} 0 0 1 ${b.x} ${b.y}`
}

export function CacheGauge({ of: { cache, guard } }: { readonly of: Answer<'share.state'> }) {
  const t = useWords(shareWords)
  const figures = useFigures()
  if (cache === null) return <Box color="text-body-secondary">{t.noCache}</Box>
  const { dirtyPercent, usedPercent, allocatedBytes } = cache
  const dirty = figures.percent(dirtyPercent / 100)
  const used = figures.percent(usedPercent / 100)
  const level = dirtyPercent >= refuses ? 'gauge-refuses' : dirtyPercent >= slower ? 'gauge-slower' : 'gauge-open'
  return (
    <SpaceBetween size="s">
      <div
        role="meter"
        aria-label={t.gauge}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(dirtyPercent)}
        aria-valuetext={t.gaugeText(dirty, used, figures.bytes(allocatedBytes))}
        className="gauge"
      >
        <svg viewBox="0 0 240 134" aria-hidden="true">
          <path className="gauge-track" d={arc(0, 100)} />
          {usedPercent > 0 && <path className="gauge-used" d={arc(0, Math.max(usedPercent, 0.5))} />}
          {dirtyPercent > 0 && <path className={level} d={arc(0, Math.max(dirtyPercent, 0.5))} />}
          {[slower, refuses].map((mark) => {
            const inner = at(mark, radius - 14)
            const outer = at(mark, radius + 14)
            return <line key={mark} className="gauge-mark" x1={inner.x} y1={inner.y} x2={outer.x} y2={outer.y} />
          })}
          <text className="gauge-label" x={at(slower, radius + 17).x} y={at(slower, radius + 17).y - 4} textAnchor="middle">
            80
          </text>
          <text className="gauge-label" x={at(refuses, radius + 17).x + 2} y={at(refuses, radius + 17).y} textAnchor="start">
            90
          </text>
          <text className="gauge-figure" x={centre.x} y={centre.y - 18} textAnchor="middle">
            {dirty}
          </text>
          <text className="gauge-label" x={centre.x} y={centre.y} textAnchor="middle">
            {t.dirtyWord}
          </text>
        </svg>
      </div>
      <KeyValuePairs
        columns={2}
        items={[
          { label: t.waiting, value: figures.bytes((allocatedBytes * dirtyPercent) / 100) },
          { label: t.used, value: `${used} · ${figures.bytes((allocatedBytes * usedPercent) / 100)}` },
          { label: t.drain, value: guard.drainBytesPerSecond === null ? t.notDraining : figures.rate(guard.drainBytesPerSecond) },
          { label: t.size, value: figures.bytes(allocatedBytes) },
        ]}
      />
    </SpaceBetween>
  )
}
