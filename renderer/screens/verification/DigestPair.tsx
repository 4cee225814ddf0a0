/** Two digests under each other, character by character; what differs is marked by a line and weight as well as by colour. */
import { useWords } from '../../language.tsx'
import { useFigures } from '../../parts/figures.ts'
import { verificationWords } from './verificationWords.ts'
import './verification.css'

type Props = { readonly expected: string; readonly actual: string }

export function DigestPair({ expected, actual }: Props) {
  const t = useWords(verificationWords)
  const figures = useFigures()
  const length = Math.max(expected.length, actual.length)
  const differs = Array.from({ length }, (_, at) => expected[at] !== actual[at])
  const differing = differs.filter(Boolean).length
  return (
    <div className="digest-pair">
      <dl>
        {(
          [
            [t.source, expected],
            [t.inS3, actual],
          ] as const
        ).map(([label, digest]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              <code aria-label={digest} role="img">
                {Array.from({ length }, (_, at) => (
                  <span key={at} className={differs[at] === true ? 'digest-differs' : undefined} aria-hidden="true">
                    {digest[at] ?? '\u00a0'}
                  </span>
                ))}
              </code>
            </dd>
          </div>
        ))}
      </dl>
      <p>{differing === 0 ? t.same : t.differing(figures.count(differing), figures.count(length))}</p>
    </div>
  )
}
