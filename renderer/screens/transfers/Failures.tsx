/** What was left behind, grouped by cause: how much, what happened, whether the data is safe, what to do; and planning it again. */
import { useState } from 'react'
import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table from '@cloudscape-design/components/table'
import type { Answer } from '../../../shared/contract/bridge.ts'
import { useAct, usePages, type useAnswer } from '../../bridge/answers.ts'
import { useLanguage, useWords } from '../../language.tsx'
import { Answered } from '../../parts/Answered.tsx'
import { FaultBox } from '../../parts/FaultBox.tsx'
import { useFigures } from '../../parts/figures.ts'
import { MorePages } from '../../parts/MorePages.tsx'
import { useGo } from '../../screen.ts'
import { faultWords, isFaultCode } from '../../words/faults.ts'
import { anomalyWords } from '../archives/anomalyWords.ts'
import { transfersWords } from './transfersWords.ts'

type Failure = Answer<'failures.list'>['failures'][number]

export function Failures({ of: failures }: { readonly of: ReturnType<typeof useAnswer<'failures.list'>> }) {
  const t = useWords(transfersWords)
  const figures = useFigures()
  const go = useGo()
  const [retried, setRetried] = useState<number | undefined>(undefined)
  const retry = useAct('failures.retry', {
    changes: ['failures.list', 'failures.items', 'plan.count'],
    onDone: ({ items }) => setRetried(items),
  })
  return (
    <SpaceBetween size="m">
      {retried !== undefined && (
        <Alert
          type="info"
          dismissible
          onDismiss={() => setRetried(undefined)}
          action={<Button onClick={() => go({ at: 'plan' })}>{t.toPlan}</Button>}
        >
          {t.retried(figures.items(retried))}
        </Alert>
      )}
      {retry.error !== null && <FaultBox fault={retry.error} compact />}
      <Answered
        of={failures}
        empty={{
          when: (value) => value.failures.length === 0,
          show: (
            <Box textAlign="center" padding="l">
              <Box variant="h3">{t.noFailures}</Box>
              <Box color="text-body-secondary">{t.noFailuresMeans}</Box>
            </Box>
          ),
        }}
      >
        {(value) => (
          <SpaceBetween size="m">
            <Header
              variant="h2"
              description={t.failuresMeans}
              actions={
                <Button
                  disabled={!value.failures.some(({ canRetry }) => canRetry)}
                  loading={retry.isPending}
                  onClick={() => retry.mutate({ codes: null })}
                >
                  {t.retryAll}
                </Button>
              }
            >
              {t.tabFailures}
            </Header>
            {value.failures
              .toSorted((a, b) => b.items - a.items)
              .map((failure) => (
                <Cause key={`${failure.what} ${failure.code}`} of={failure} onRetry={() => retry.mutate({ codes: [failure.code] })} />
              ))}
          </SpaceBetween>
        )}
      </Answered>
    </SpaceBetween>
  )
}

function useCauseWords(): (failure: Failure) => { readonly title: string; readonly sentences: readonly string[] } {
  const language = useLanguage()
  const t = useWords(transfersWords)
  return ({ code, what }) => {
    if (what === 'anomaly') {
      const { title, firnDoes, youCan } = anomalyWords(code, language)
      return { title, sentences: [firnDoes, youCan] }
    }
    if (!isFaultCode(code)) return { title: t.cause(code), sentences: [t.causeMeans] }
    const { happened, safe, todo } = faultWords(code, language)
    return { title: happened, sentences: [safe, todo] }
  }
}

function Cause({ of: failure, onRetry }: { readonly of: Failure; readonly onRetry: () => void }) {
  const t = useWords(transfersWords)
  const figures = useFigures()
  const { title, sentences } = useCauseWords()(failure)
  const [shown, setShown] = useState(false)
  return (
    <Container
      header={
        <Header
          variant="h3"
          counter={`${figures.items(failure.items)} · ${figures.bytes(failure.bytes)}`}
          actions={
            failure.canRetry && (
              <Button ariaLabel={t.retryOf(title)} onClick={onRetry}>
                {t.retry}
              </Button>
            )
          }
        >
          {title}
        </Header>
      }
    >
      <SpaceBetween size="xs">
        {sentences.map((sentence) => (
          <div key={sentence}>{sentence}</div>
        ))}
        {!failure.canRetry && <Box color="text-body-secondary">{t.cannotRetry}</Box>}
        <Box variant="small" color="text-body-secondary">
          <code>{failure.code}</code>
        </Box>
        <ExpandableSection headerText={t.showItems} expanded={shown} onChange={({ detail }) => setShown(detail.expanded)}>
          {shown && <FailedItems code={failure.code} />}
        </ExpandableSection>
      </SpaceBetween>
    </Container>
  )
}

function FailedItems({ code }: { readonly code: string }) {
  const t = useWords(transfersWords)
  const figures = useFigures()
  const pages = usePages('failures.items', { code })
  return (
    <Answered of={pages}>
      {(answered) => {
        const rows = answered.pages.flatMap((one) => one.rows)
        return (
          <Table
            variant="embedded"
            contentDensity="compact"
            items={rows}
            trackBy={(row) => String(row.itemId)}
            ariaLabels={{ tableLabel: t.showItems }}
            footer={<MorePages of={pages} shown={rows.length} />}
            columnDefinitions={[
              { id: 'item', header: t.item, isRowHeader: true, cell: (row) => t.itemName(row.itemId) },
              { id: 'size', header: t.size, cell: (row) => figures.bytes(row.size) },
              { id: 'route', header: t.route, cell: (row) => routeName(t, row.route) },
            ]}
          />
        )
      }}
    </Answered>
  )
}

function routeName(t: { readonly device: string; readonly share: string; readonly link: string }, route: string | null): string {
  return route === 'device' || route === 'share' || route === 'link' ? t[route] : '–'
}
