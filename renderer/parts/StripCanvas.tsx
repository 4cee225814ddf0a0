/** The canvas of a rate strip, by uPlot; loaded apart, since only some screens draw one. */
import 'uplot/dist/uPlot.min.css'
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'

type Props = { readonly rates: readonly (number | null)[]; readonly everyMs: number; readonly height: number }

export function StripCanvas({ rates, everyMs, height }: Props) {
  const place = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(null)
  useEffect(() => {
    const element = place.current
    if (element === null) return
    const colours = getComputedStyle(document.body)
    const line = colours.getPropertyValue('--firn-info')
    const made = new uPlot(
      {
        width: Math.max(element.clientWidth, 40),
        height,
        padding: [4, 0, 0, 0],
        legend: { show: false },
        cursor: { show: false },
        scales: { x: { time: false }, y: { range: (_, __, highest) => [0, highest > 0 ? highest * 1.1 : 1] } },
        axes: [{ show: false }, { show: false }],
        series: [{}, { stroke: line, width: 1.5, fill: `color-mix(in srgb, ${line} 18%, transparent)`, points: { show: false } }],
      },
      [[], []],
      element,
    )
    plot.current = made
    const observer = new ResizeObserver(() => made.setSize({ width: Math.max(element.clientWidth, 40), height }))
    observer.observe(element)
    return () => {
      observer.disconnect()
      made.destroy()
      plot.current = null
    }
  }, [height])
  useEffect(() => {
    plot.current?.setData([rates.map((_, at) => (at - rates.length + 1) * everyMs), [...rates]])
  }, [rates, everyMs, height])
  return <div ref={place} />
}
