/** Days of each route against the speed of the link, with the place where this hospital stands. */
import { useEffect, useRef, useState } from 'react'
import type { Answer } from '../../../shared/contract/bridge.ts'
import { useLanguage, useWords } from '../../language.tsx'
import { useFigures } from '../../parts/figures.ts'
import { Drawn } from '../archives/Drawn.tsx'
import { shortRoutes } from './planTexts.ts'
import { routeStepWords } from './routeWords.ts'

const height = 240
const inset = { left: 56, right: 16, top: 22, bottom: 30 }
const order = ['device', 'share', 'link'] as const

type Curve = Answer<'plan.curve'>

export function RouteChart({ curve }: { readonly curve: Curve }) {
  const text = useWords(routeStepWords)
  const language = useLanguage()
  const figures = useFigures()
  const box = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(520)
  useEffect(() => {
    const { current } = box
    if (current === null) return
    const watcher = new ResizeObserver(([entry]) => setWidth(Math.max(280, Math.floor(entry?.contentRect.width ?? 520))))
    watcher.observe(current)
    return () => watcher.disconnect()
  }, [])

  const points = curve.points.filter(({ megabitsPerSecond }) => megabitsPerSecond > 0)
  const speeds = points.map(({ megabitsPerSecond }) => megabitsPerSecond)
  const all = points.flatMap(({ routes }) => routes.flatMap(({ low, high }) => [low, high])).filter((days) => days > 0)
  if (points.length < 2 || all.length === 0) return null
  const [slowest, fastest] = [Math.min(...speeds, curve.here), Math.max(...speeds, curve.here)]
  const [least, most] = [Math.max(0.1, Math.min(...all)), Math.max(...all)]
  const along = (value: number, low: number, high: number): number =>
    high === low ? 0.5 : (Math.log(value) - Math.log(low)) / (Math.log(high) - Math.log(low))
  const x = (speed: number): number => inset.left + along(speed, slowest, fastest) * (width - inset.left - inset.right)
  const y = (days: number): number =>
    height - inset.bottom - along(Math.max(days, least), least, most) * (height - inset.top - inset.bottom)
  const powers = (low: number, high: number): readonly number[] => {
    const found: number[] = []
    for (let power = 10 ** Math.ceil(Math.log10(low)); power <= high * 1.0001; power *= 10) found.push(Number(power.toPrecision(6)))
    return found.length > 0 ? found : [low, high]
  }
  const speedText = (speed: number): string => (speed >= 1000 ? `${figures.count(speed / 1000)} Gbit/s` : `${figures.count(speed)} Mbit/s`)
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 })
  const labelLeft = x(curve.here) > width * 0.6
  return (
    <Drawn>
      <div ref={box}>
        <svg className="curve" width={width} height={height} role="img" aria-label={`${text.chart}. ${text.here(speedText(curve.here))}`}>
          {powers(least, most).map((days) => (
            <g key={days}>
              <line className="grid" x1={inset.left} x2={width - inset.right} y1={y(days)} y2={y(days)} />
              <text x={inset.left - 8} y={y(days) + 4} textAnchor="end">
                {number.format(days)} d
              </text>
            </g>
          ))}
          {powers(slowest, fastest).map((speed) => (
            <text key={speed} x={x(speed)} y={height - 8} textAnchor="middle">
              {speedText(speed)}
            </text>
          ))}
          {order.map((route) => {
            const line = points.flatMap(({ megabitsPerSecond, routes }) => {
              const one = routes.find((each) => each.route === route)
              return one === undefined || one.high <= 0
                ? []
                : [{ at: x(megabitsPerSecond), low: y(one.low), high: y(one.high), middle: y((one.low + one.high) / 2) }]
            })
            if (line.length < 2) return null
            const band = [...line.map((one) => `${one.at},${one.high}`), ...line.toReversed().map((one) => `${one.at},${one.low}`)].join(
              ' ',
            )
            return (
              <g key={route} className={`route-${route}`}>
                <polygon className="band" points={band} />
                <polyline className="route-line" points={line.map((one) => `${one.at},${one.middle}`).join(' ')} />
              </g>
            )
          })}
          <line className="cut" x1={x(curve.here)} x2={x(curve.here)} y1={inset.top - 6} y2={height - inset.bottom} />
          <text className="strong" x={x(curve.here) + (labelLeft ? -6 : 6)} y={inset.top - 8} textAnchor={labelLeft ? 'end' : 'start'}>
            {text.here(speedText(curve.here))}
          </text>
        </svg>
        <div className="route-key" aria-hidden="true">
          {order.map((route) => (
            <span key={route}>
              <svg width="28" height="10" className={`curve route-${route}`}>
                <line className="route-line" x1="0" x2="28" y1="5" y2="5" />
              </svg>
              {shortRoutes[language][route]}
            </span>
          ))}
        </div>
        <div className="unseen">
          <table>
            <caption>{text.chart}</caption>
            <thead>
              <tr>
                <th scope="col">{text.speed}</th>
                {order.map((route) => (
                  <th key={route} scope="col">
                    {shortRoutes[language][route]}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {points.map(({ megabitsPerSecond, routes }) => (
                <tr key={megabitsPerSecond}>
                  <th scope="row">{speedText(megabitsPerSecond)}</th>
                  {order.map((route) => {
                    const one = routes.find((each) => each.route === route)
                    return (
                      <td key={route}>
                        {one === undefined ? '–' : figures.range({ low: one.low * 86_400_000, high: one.high * 86_400_000 })}
                      </td>
                    )
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </div>
    </Drawn>
  )
}
