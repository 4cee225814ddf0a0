/** How large the items are, by powers of two, with the line below which they travel in batches. */
import { useState } from 'react'
import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { Answer } from '../../../shared/contract/bridge.ts'
import { useAnswer } from '../../bridge/answers.ts'
import { useLanguage, useWords, words } from '../../language.tsx'
import { Answered } from '../../parts/Answered.tsx'
import { useFigures } from '../../parts/figures.ts'
import { Drawn } from './Drawn.tsx'
import { inventoryWords } from './inventoryWords.ts'
import { binarySize } from './shortFigures.ts'
import { trimmed } from './sizeBuckets.ts'

const texts = words({
  en: {
    title: 'Sizes of items',
    description: 'Each bar holds sizes up to twice those of the bar before.',
    measure: 'Height of the bars',
    line: (size: string) => `batch line, ${size}`,
    below: (items: string, share: string, bytes: string) => `${items} (${share}), ${bytes}: below the line, travel in batches`,
    above: (items: string, bytes: string) => `${items}, ${bytes}: travel alone`,
    size: 'Size from',
    caption: 'Items and bytes by size',
    empty: 'No scan has found anything yet.',
  },
  de: {
    title: 'Größen der Dateien',
    description: 'Jeder Balken fasst Größen bis zum Doppelten des Balkens davor.',
    measure: 'Höhe der Balken',
    line: (size) => `Stapelgrenze, ${size}`,
    below: (items, share, bytes) => `${items} (${share}), ${bytes}: unter der Grenze, reisen in Stapeln`,
    above: (items, bytes) => `${items}, ${bytes}: reisen allein`,
    size: 'Größe ab',
    caption: 'Dateien und Bytes nach Größe',
    empty: 'Noch hat kein Scan etwas gefunden.',
  },
})

type Measure = 'items' | 'bytes'

export function SizeHistogram({ archiveId }: { readonly archiveId: number | null }) {
  const text = useWords(texts)
  const names = useWords(inventoryWords)
  const [measure, setMeasure] = useState<Measure>('items')
  const answered = useAnswer('archives.sizes', { archiveId })
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={text.description}
          actions={
            <SegmentedControl
              label={text.measure}
              selectedId={measure}
              options={[
                { id: 'items', text: names.items },
                { id: 'bytes', text: names.bytes },
              ]}
              onChange={({ detail }) => setMeasure(detail.selectedId === 'bytes' ? 'bytes' : 'items')}
            />
          }
        >
          {text.title}
        </Header>
      }
    >
      <Answered
        of={answered}
        empty={{
          when: ({ items }) => items.every((count) => count === 0),
          show: (
            <Box textAlign="center" color="text-body-secondary" padding="l">
              {text.empty}
            </Box>
          ),
        }}
      >
        {(sizes) => <Bars sizes={sizes} measure={measure} />}
      </Answered>
    </Container>
  )
}

function Bars({ sizes, measure }: { readonly sizes: Answer<'archives.sizes'>; readonly measure: Measure }) {
  const text = useWords(texts)
  const names = useWords(inventoryWords)
  const language = useLanguage()
  const figures = useFigures()
  const buckets = trimmed(sizes)
  const most = Math.max(1, ...buckets.map((bucket) => bucket[measure]))
  const sum = (small: boolean, of: Measure): number =>
    buckets.filter((bucket) => bucket.from < sizes.batchLimit === small).reduce((total, bucket) => total + bucket[of], 0)
  const lineAt = buckets.findIndex((bucket) => bucket.from >= sizes.batchLimit)
  // A label for every third bar or so: more would run into each other.
  const every = Math.max(1, Math.ceil(buckets.length / 9))
  const all = sum(true, 'items') + sum(false, 'items')
  return (
    <Drawn>
      <SpaceBetween size="s">
        <div aria-hidden="true" style={{ paddingBlockStart: 22 }}>
          <div className="histogram">
            {buckets.map((bucket) => (
              <div
                key={bucket.from}
                className={bucket.from < sizes.batchLimit ? 'bar small' : 'bar large'}
                title={`${binarySize(bucket.from, language)}–${binarySize(bucket.to, language)}: ${figures.items(bucket.items)}, ${figures.bytes(bucket.bytes)}`}
                style={{ blockSize: bucket[measure] === 0 ? 0 : `${Math.max(1, (bucket[measure] / most) * 100)}%` }}
              />
            ))}
            {lineAt > 0 && (
              <div className="line" style={{ insetInlineStart: `calc(${(lineAt / buckets.length) * 100}% - 1px)` }}>
                <span>{text.line(binarySize(sizes.batchLimit, language))}</span>
              </div>
            )}
          </div>
          <div className="axis">
            {buckets.map((bucket, index) => (
              <span key={bucket.from}>{index % every === 0 && index < buckets.length - 2 ? binarySize(bucket.from, language) : ''}</span>
            ))}
          </div>
        </div>
        <div>
          <div>
            <i className="key-square small" />
            {text.below(
              figures.items(sum(true, 'items')),
              figures.percent(all === 0 ? 0 : sum(true, 'items') / all),
              figures.bytes(sum(true, 'bytes')),
            )}
          </div>
          <div>
            <i className="key-square large" />
            {text.above(figures.items(sum(false, 'items')), figures.bytes(sum(false, 'bytes')))}
          </div>
        </div>
        <div className="unseen">
          <table>
            <caption>{text.caption}</caption>
            <thead>
              <tr>
                <th scope="col">{text.size}</th>
                <th scope="col">{names.items}</th>
                <th scope="col">{names.bytes}</th>
              </tr>
            </thead>
            <tbody>
              {buckets.map((bucket) => (
                <tr key={bucket.from}>
                  <th scope="row">{binarySize(bucket.from, language)}</th>
                  <td>{figures.count(bucket.items)}</td>
                  <td>{figures.bytes(bucket.bytes)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </SpaceBetween>
    </Drawn>
  )
}
