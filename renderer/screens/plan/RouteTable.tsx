/** The routes side by side, with the same rows each: how long, what limits it, devices, days on site, cost, risks, dated notices. */
import Badge from '@cloudscape-design/components/badge'
import Box from '@cloudscape-design/components/box'
import Icon from '@cloudscape-design/components/icon'
import type { ReactNode } from 'react'
import { freeOnSiteDays } from '../../../shared/domain/assumptions.ts'
import type { PlanEstimate, RouteEstimate } from '../../../shared/domain/plan.ts'
import { useLanguage, useWords } from '../../language.tsx'
import { useFigures } from '../../parts/figures.ts'
import { Tone } from '../../parts/Word.tsx'
import { Drawn } from '../archives/Drawn.tsx'
import { bottlenecks, isClosed, isoDate, nextBest, noteText, noticeTitle, routeNames, shortRoutes } from './planTexts.ts'
import { routeTableWords } from './routeWords.ts'

const dayMs = 86_400_000

/** Why the recommended route is recommended, in one sentence. */
export function useWhy(estimate: PlanEstimate): string {
  const text = useWords(routeTableWords)
  const language = useLanguage()
  const figures = useFigures()
  const best = estimate.routes.find(({ route }) => route === estimate.recommended)
  if (best === undefined) return text.noRoute
  const days = (one: RouteEstimate): string => figures.range({ low: one.days.low * dayMs, high: one.days.high * dayMs })
  const next = nextBest(estimate.routes, best.route)
  const unsure = best.route === 'device' && best.warnings.some(({ code }) => code === 'snowball-not-confirmed')
  return [
    text.why(shortRoutes[language][best.route], days(best), bottlenecks[language][best.bottleneck]),
    next === undefined ? text.only : text.next(shortRoutes[language][next.route], days(next)),
    ...(unsure ? [text.makeSure] : []),
  ].join(' ')
}

export function RouteTable({ estimate, givePrices }: { readonly estimate: PlanEstimate; readonly givePrices?: ReactNode }) {
  const text = useWords(routeTableWords)
  const language = useLanguage()
  const figures = useFigures()
  const { routes, recommended } = estimate
  const why = useWhy(estimate)
  const best = (one: RouteEstimate): string | undefined => (one.route === recommended ? 'best' : undefined)
  const days = (range: { readonly low: number; readonly high: number }): string =>
    figures.range({ low: range.low * dayMs, high: range.high * dayMs })
  const money = (amount: number, currency: string): string =>
    `${new Intl.NumberFormat(language, { maximumFractionDigits: 0 }).format(amount)} ${currency}`
  const notices = routes.flatMap((one) => one.notices)
  const when = ({ daysLeft, effective }: RouteEstimate['notices'][number]): string =>
    daysLeft < 0 ? text.since(isoDate(figures, effective)) : text.from(isoDate(figures, effective), daysLeft)
  const row = (label: string, cell: (one: RouteEstimate) => ReactNode) => (
    <tr>
      <th scope="row">{label}</th>
      {routes.map((one) => (
        <td key={one.route} className={best(one)}>
          {cell(one)}
        </td>
      ))}
    </tr>
  )
  return (
    <Drawn>
      <div className="sideways">
        <table className="routes">
          <caption className="unseen">{text.caption}</caption>
          <thead>
            <tr>
              <th style={{ inlineSize: 118 }}>
                <span className="unseen">{text.row}</span>
              </th>
              {routes.map((one) => (
                <th key={one.route} scope="col" className={best(one)}>
                  <Box fontWeight="bold">{routeNames[language][one.route]}</Box>
                  {one.route === recommended ? (
                    <Badge color="blue">{text.recommended}</Badge>
                  ) : one.notPossible.length > 0 ? (
                    <Tone tone="wrong">{isClosed(one) ? text.closed : text.doesNotFit}</Tone>
                  ) : (
                    <Tone tone="info">{text.possible}</Tone>
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {row(text.duration, (one) => (one.takes.items === 0 ? '–' : <span className="figure">{days(one.days)}</span>))}
            {row(text.limit, (one) =>
              one.takes.items === 0 ? (
                '–'
              ) : (
                <>
                  <div>{bottlenecks[language][one.bottleneck]}</div>
                  <Box fontSize="body-s" color="text-body-secondary">
                    {text.terms(days(one.terms.items), days(one.terms.bytes))}
                  </Box>
                </>
              ),
            )}
            {row(text.takes, (one) => `${figures.items(one.takes.items)}, ${figures.bytes(one.takes.bytes)}`)}
            {row(text.devices, (one) => (one.devices === 0 ? '–' : text.deviceCount(one.devices, one.waves)))}
            {row(text.onSite, (one) => (one.onSiteDays === null ? '–' : text.onSiteDays(days(one.onSiteDays), freeOnSiteDays)))}
            {row(text.cost, (one) =>
              one.cost === null ? (
                (givePrices ?? text.noPrices)
              ) : (
                <>
                  <div>
                    {one.cost.low === one.cost.high
                      ? money(one.cost.high, one.cost.currency)
                      : `${money(one.cost.low, one.cost.currency)} – ${money(one.cost.high, one.cost.currency)}`}
                  </div>
                  <Box fontSize="body-s" color="text-body-secondary">
                    {text.indicative(one.cost.source, isoDate(figures, one.cost.asOf))}
                  </Box>
                </>
              ),
            )}
            {row(text.risks, (one) => {
              const others = estimate.load.items - one.takes.items
              const notAll = text.notAll(figures.items(others))
              const notes = [
                ...one.notPossible.map((note) => ({ note, tone: 'wrong' as const })),
                ...one.warnings.map((note) => ({ note, tone: 'person' as const })),
              ]
              return notes.length === 0 ? (
                text.noRisks
              ) : (
                <ul className="notes">
                  {notes.map(({ note, tone }) => (
                    <li key={note.code}>
                      <Icon
                        name={tone === 'wrong' ? 'status-negative' : 'status-warning'}
                        variant={tone === 'wrong' ? 'error' : 'warning'}
                        ariaLabel={tone === 'wrong' ? text.notPossible : text.mind}
                      />{' '}
                      {noteText(note, language, notAll)}
                    </li>
                  ))}
                </ul>
              )
            })}
            {row(text.notices, (one) =>
              one.notices.length === 0 ? (
                '–'
              ) : (
                <ul className="notes">
                  {one.notices.map((notice) => (
                    <li key={notice.id}>
                      <b>{when(notice)}</b> {noticeTitle(notice, language)}
                    </li>
                  ))}
                </ul>
              ),
            )}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{text.whyRow}</th>
              <td colSpan={routes.length}>
                <b>{why}</b>
              </td>
            </tr>
          </tfoot>
        </table>
      </div>
      {notices.length > 0 && (
        <ul className="sentences notices">
          {notices.map((notice) => (
            <li key={notice.id}>
              <b>{when(notice)}</b> {noteText({ code: notice.id, text: notice.text }, language, '')}{' '}
              <span className="quiet">{text.source(notice.source, isoDate(figures, notice.checked))}</span>
            </li>
          ))}
        </ul>
      )}
    </Drawn>
  )
}
