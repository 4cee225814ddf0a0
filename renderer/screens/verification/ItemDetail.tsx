/** One item: its verdict, what was compared with what and how, and what earlier runs said. */
import Box from '@cloudscape-design/components/box'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { Answer } from '../../../shared/contract/bridge.ts'
import { useAnswer } from '../../bridge/answers.ts'
import { useWords } from '../../language.tsx'
import { Answered } from '../../parts/Answered.tsx'
import { useFigures } from '../../parts/figures.ts'
import { Tone, VerdictWord } from '../../parts/Word.tsx'
import { DigestPair } from './DigestPair.tsx'
import { useReasonWords } from './reasonWords.ts'
import { methodName, verificationWords } from './verificationWords.ts'

type Item = Answer<'verification.item'>

export function ItemDetail({ itemId }: { readonly itemId: number }) {
  const item = useAnswer('verification.item', { itemId })
  return <Answered of={item}>{(value) => <Detail of={value} />}</Answered>
}

function Detail({ of: item }: { readonly of: Item }) {
  const t = useWords(verificationWords)
  const figures = useFigures()
  const reason = useReasonWords()
  const { verdict } = item
  return (
    <SpaceBetween size="m">
      {verdict === null ? (
        <Tone tone="wrong">{t.notJudged}</Tone>
      ) : (
        <SpaceBetween size="xxs">
          <VerdictWord of={verdict.verdict} />
          {verdict.reason !== null && (
            <div>
              {reason(verdict.reason).why}{' '}
              <Box color="text-body-secondary" display="inline">
                {reason(verdict.reason).todo}
              </Box>
            </div>
          )}
        </SpaceBetween>
      )}
      {verdict !== null && <Compared of={verdict} size={item.size} />}
      <ColumnLayout columns={2} variant="text-grid">
        <KeyValuePairs
          columns={1}
          items={[
            {
              label: t.path,
              value: (
                <>
                  <span className="digest-text">{item.path}</span>{' '}
                  <Box variant="small" display="block">
                    {t.pathStays}
                  </Box>
                </>
              ),
            },
            { label: t.study, value: t.studyName(item.studyId) },
            { label: t.size, value: figures.bytes(item.size) },
            {
              label: t.journalled,
              value: (
                <div className="digest-text">
                  <div>SHA-256 {item.sha256 ?? t.notRead}</div>
                  <div>CRC64NVME {item.crc64nvme ?? t.notRead}</div>
                </div>
              ),
            },
          ]}
        />
        {verdict !== null && (
          <KeyValuePairs
            columns={1}
            items={[
              { label: t.object, value: <span className="digest-text">{`${verdict.bucket}/${verdict.key}`}</span> },
              {
                label: t.version,
                value: verdict.versionId === null ? t.noVersion : <span className="digest-text">{verdict.versionId}</span>,
              },
              { label: t.storageClass, value: verdict.storageClass ?? '–' },
              { label: t.at, value: `${figures.dateTime(verdict.at)} · ${t.runNumber(verdict.runId)}` },
            ]}
          />
        )}
      </ColumnLayout>
      <SpaceBetween size="xxs">
        <Box variant="h3">{t.earlier}</Box>
        {item.earlier.length === 0 ? (
          <Box color="text-body-secondary">{t.noEarlier}</Box>
        ) : (
          <ul className="plain-list">
            {item.earlier.map((one) => (
              <li key={one.runId}>
                {t.runNumber(one.runId)}, {figures.dateTime(one.at)}: <VerdictWord of={one.verdict} />
                {one.reason === null ? '' : ` · ${reason(one.reason).why}`}
              </li>
            ))}
          </ul>
        )}
      </SpaceBetween>
    </SpaceBetween>
  )
}

function Compared({ of: verdict, size }: { readonly of: NonNullable<Item['verdict']>; readonly size: number }) {
  const t = useWords(verificationWords)
  const figures = useFigures()
  const over = verdict.checksumType === 'COMPOSITE' ? t.composite : verdict.checksumType === 'FULL_OBJECT' ? t.whole : ''
  return (
    <SpaceBetween size="xs">
      <Box variant="h3">{t.digests}</Box>
      <Box color="text-body-secondary">
        {[...(verdict.algorithm === null ? [] : [`${verdict.algorithm} ${over}`.trim()]), methodName(t, verdict.method)].join(' · ')}
      </Box>
      {verdict.size !== null && verdict.size !== size && <Tone tone="wrong">{t.sizeDiffers(exactly(size), exactly(verdict.size))}</Tone>}
      {verdict.expected !== null && verdict.actual !== null ? (
        <DigestPair expected={verdict.expected} actual={verdict.actual} />
      ) : (
        <Box>{t.noDigests}</Box>
      )}
    </SpaceBetween>
  )

  /** To the byte: two sizes that differ by one must not look the same. */
  function exactly(bytes: number): string {
    return `${figures.count(bytes)} B`
  }
}
