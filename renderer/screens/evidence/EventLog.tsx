/** The event log, the newest first: filtered by kind and time, page by page; and the check of its chain. */
import { useState } from 'react'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import DateInput from '@cloudscape-design/components/date-input'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Multiselect from '@cloudscape-design/components/multiselect'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table from '@cloudscape-design/components/table'
import { useAnswer, useAct, usePages } from '../../bridge/answers.ts'
import { useWords } from '../../language.tsx'
import { Answered } from '../../parts/Answered.tsx'
import { FaultBox } from '../../parts/FaultBox.tsx'
import { useFigures } from '../../parts/figures.ts'
import { MorePages } from '../../parts/MorePages.tsx'
import { Tone } from '../../parts/Word.tsx'
import { useEventName } from './eventWords.ts'
import { evidenceWords } from './evidenceWords.ts'
import './evidence.css'

const oneDay = 86_400_000

/** Local midnight of YYYY-MM-DD; `undefined` as long as it is not a whole date. */
function midnight(date: string): number | undefined {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(date) ? new Date(`${date}T00:00:00`).getTime() : Number.NaN
  return Number.isNaN(at) ? undefined : at
}

/** Of a hash the beginning is enough to tell it from others; the whole one is its title. */
function shortened(value: string | number | boolean): string {
  return typeof value === 'string' && /^[0-9a-f]{40,}$/.test(value) ? `${value.slice(0, 12)}…` : String(value)
}

export function EventLog() {
  const t = useWords(evidenceWords)
  const figures = useFigures()
  const eventName = useEventName()
  const [kinds, setKinds] = useState<readonly string[]>([])
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  const known = useAnswer('events.kinds', {})
  const until = midnight(to)
  const pages = usePages('events.page', {
    kinds: kinds.length === 0 ? null : [...kinds],
    from: midnight(from) ?? null,
    to: until === undefined ? null : until + oneDay,
  })
  const chain = useAct('events.check')
  const options = (known.data?.kinds ?? []).map((kind) => ({ value: kind, label: eventName(kind) }))
  return (
    <SpaceBetween size="s">
      <Header
        variant="h2"
        description={t.logMeans}
        actions={
          <Button loading={chain.isPending} onClick={() => chain.mutate({})}>
            {t.chain}
          </Button>
        }
      >
        {t.log}
      </Header>
      <div role="status">
        {chain.data !== undefined &&
          (chain.data.whole ? (
            <Tone tone="info" icon="success">
              {t.chainWhole(figures.count(chain.data.entries))}
            </Tone>
          ) : (
            <Tone tone="wrong">{t.chainBroken(figures.count(chain.data.brokenAt ?? 0))}</Tone>
          ))}
      </div>
      {chain.error !== null && <FaultBox fault={chain.error} compact />}
      <div className="log-filters">
        <FormField label={t.filterKinds}>
          <Multiselect
            placeholder={kinds.length === 0 ? t.anyKind : t.chosen(kinds.length)}
            selectedOptions={options.filter(({ value }) => kinds.includes(value))}
            options={options}
            hideTokens
            deselectAriaLabel={({ label }) => t.takeOff(label ?? '')}
            onChange={({ detail }) => setKinds(detail.selectedOptions.flatMap(({ value }) => (value === undefined ? [] : [value])))}
          />
        </FormField>
        <FormField label={t.from}>
          <DateInput value={from} placeholder={t.dateHint} onChange={({ detail }) => setFrom(detail.value)} />
        </FormField>
        <FormField label={t.to}>
          <DateInput value={to} placeholder={t.dateHint} onChange={({ detail }) => setTo(detail.value)} />
        </FormField>
        {(kinds.length > 0 || from !== '' || to !== '') && (
          <Button
            onClick={() => {
              setKinds([])
              setFrom('')
              setTo('')
            }}
          >
            {t.clear}
          </Button>
        )}
      </div>
      <Answered of={pages}>
        {(answered) => {
          const rows = answered.pages.flatMap((one) => one.rows)
          return (
            <Table
              variant="container"
              contentDensity="compact"
              items={rows}
              trackBy={(row) => String(row.sequence)}
              ariaLabels={{ tableLabel: t.log }}
              empty={<Box padding="m">{t.noEvents}</Box>}
              footer={rows.length === 0 ? undefined : <MorePages of={pages} shown={rows.length} />}
              wrapLines
              columnDefinitions={[
                {
                  id: 'when',
                  header: t.when,
                  minWidth: 165,
                  cell: (row) => <time title={figures.exactly(row.at)}>{figures.dateTime(row.at)}</time>,
                },
                { id: 'event', header: t.event, isRowHeader: true, cell: (row) => eventName(row.kind) },
                {
                  id: 'facts',
                  header: t.facts,
                  cell: (row) => (
                    <span className="log-facts" lang="en">
                      {Object.entries(row.facts).map(([name, value]) => (
                        <span key={name} title={String(value)}>
                          <span className="log-name">{name}</span> {shortened(value)}
                        </span>
                      ))}
                    </span>
                  ),
                },
                { id: 'entry', header: t.entry, cell: (row) => figures.count(row.sequence) },
                { id: 'hash', header: t.hash, cell: (row) => <code title={row.hash}>{row.hash.slice(0, 12)}</code> },
              ]}
            />
          )
        }}
      </Answered>
    </SpaceBetween>
  )
}
