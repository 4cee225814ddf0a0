/** What is not verified, by cause, the most first: each cause with what to do, and a way to its items. */
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Header from '@cloudscape-design/components/header'
import Table from '@cloudscape-design/components/table'
import type { Answer } from '../../../shared/contract/bridge.ts'
import { useWords } from '../../language.tsx'
import { useFigures } from '../../parts/figures.ts'
import { Tone } from '../../parts/Word.tsx'
import { useGo } from '../../screen.ts'
import { useReasonWords } from './reasonWords.ts'
import { verificationWords } from './verificationWords.ts'

type Props = { readonly of: Answer<'verification.summary'>; readonly onChoose: (reason: string) => void }

export function NotVerified({ of: { unverified, notVerified, counts }, onChoose }: Props) {
  const t = useWords(verificationWords)
  const figures = useFigures()
  const reason = useReasonWords()
  const go = useGo()
  const allVerified = unverified.items === 0 && counts.verified > 0
  return (
    <Table
      variant="container"
      header={
        <Header
          variant="h2"
          description={
            unverified.items > 0 ? (
              t.notVerifiedAmount(figures.items(unverified.items), figures.bytes(unverified.bytes))
            ) : allVerified ? (
              <Tone tone="good">{t.nothingOpen}</Tone>
            ) : undefined
          }
        >
          {t.notVerified}
        </Header>
      }
      items={notVerified.toSorted((a, b) => b.items - a.items)}
      trackBy="reason"
      wrapLines
      empty={<Box>{allVerified ? t.noCause : t.neverRun}</Box>}
      columnDefinitions={[
        {
          id: 'cause',
          header: t.cause,
          isRowHeader: true,
          cell: (row) => (
            <Button
              variant="inline-link"
              ariaLabel={t.showCause(reason(row.reason).why)}
              onClick={() => (row.reason === 'left-behind' ? go({ at: 'transfers' }) : onChoose(row.reason))}
            >
              {reason(row.reason).why}
            </Button>
          ),
        },
        { id: 'items', header: t.items, cell: (row) => figures.count(row.items) },
        { id: 'bytes', header: t.bytes, cell: (row) => figures.bytes(row.bytes) },
        { id: 'todo', header: t.todo, cell: (row) => reason(row.reason).todo },
      ]}
    />
  )
}
