/** Figures for people: bytes, counts, rates, ranges and moments, as the language writes them. A figure never stands without its unit. */
import { useMemo } from 'react'
import type { Language } from '../../shared/contract/settings.ts'
import { useLanguage } from '../language.tsx'

type Range = { readonly low: number; readonly high: number }

/** Between a figure and its unit, so that a line never breaks there. */
const gap = '\u00a0'
const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const
const locales: Readonly<Record<Language, string>> = { en: 'en-GB', de: 'de-DE' }

/** From the longest; `days` is a word, the others are symbols in both languages. */
const spans = [
  ['days', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
] as const
type SpanUnit = (typeof spans)[number][0] | 'ms'

const texts = {
  en: {
    item: 'item',
    items: 'items',
    day: 'day',
    days: 'days',
    to: 'to',
    ago: (span: string) => `${span} ago`,
    now: 'now',
    noRate: 'no rate',
    noDate: 'no date',
  },
  de: {
    item: 'Datei',
    items: 'Dateien',
    day: 'Tag',
    days: 'Tage',
    to: 'bis',
    ago: (span: string) => `vor ${span.replace(/Tage$/, 'Tagen')}`,
    now: 'jetzt',
    noRate: 'keine Rate',
    noDate: 'ohne Datum',
  },
} as const

export type Figures = {
  /** "1.2 TB": decimal units, as devices and links are sold. */
  bytes(count: number): string
  /** "412,000 items" */
  items(count: number): string
  /** "412,000" */
  count(count: number): string
  /** "180 MB/s" */
  rate(bytesPerSecond: number | null): string
  /** Of 0 to 1: "41 %". Never 100 % before it is whole, never 0 % when something is there. */
  percent(ratio: number): string
  /** "3.5 h" */
  duration(ms: number): string
  /** "9 to 11 days" */
  range(of: Range): string
  /** "Thu, 26 Nov to Sat, 28 Nov", "19:00 to 21:00" */
  span(from: string, to: string): string
  /** Of an age in milliseconds, not of a moment: "4 s ago". */
  ago(ageMs: number): string
  /** Of a moment, milliseconds since 1970, in local time: "24 Nov 2026, 14:02". `Moment` of Moment.tsx adds the zone on hover. */
  dateTime(at: number): string
  /** "Tue, 24 Nov" */
  day(at: number): string
  /** "14:02" */
  clock(at: number): string
  /** "24 November 2026 at 14:02:09 CET" */
  exactly(at: number): string
  /** Of YYYYMMDD, as DICOM writes it; `null` is "no date". */
  studyDate(date: string | null): string
}

export function figuresFor(language: Language): Figures {
  const locale = locales[language]
  const text = texts[language]
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
  const tenths = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 })
  const dateTimes = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })
  const days = new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short' })
  const times = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' })
  const exact = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'long' })
  const dates = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' })

  const bytes = (count: number): string => {
    let unit = 0
    let value = count
    while (value >= 999.5 && unit < byteUnits.length - 1) {
      value /= 1000
      unit += 1
    }
    return `${(unit === 0 || value >= 99.95 ? whole : tenths).format(value)}${gap}${byteUnits[unit] ?? 'B'}`
  }
  const unitFor = (ms: number): readonly [SpanUnit, number] =>
    spans.find(([unit, size]) => ms >= size * (unit === 'days' ? 2 : 1)) ?? (ms > 0 && ms < 1000 ? ['ms', 1] : ['s', 1000])
  const inUnit = (ms: number, [, size]: readonly [SpanUnit, number]): string => {
    const value = ms / size
    return (value >= 9.95 ? whole : tenths).format(value)
  }
  const unitWord = ([unit]: readonly [SpanUnit, number], figure: string): string =>
    unit === 'days' ? (figure === '1' ? text.day : text.days) : unit
  const duration = (ms: number): string => {
    const unit = unitFor(ms)
    const figure = inUnit(ms, unit)
    return `${figure}${gap}${unitWord(unit, figure)}`
  }
  return {
    bytes,
    items: (count) => `${whole.format(count)}${gap}${count === 1 ? text.item : text.items}`,
    count: (count) => whole.format(count),
    rate: (bytesPerSecond) => (bytesPerSecond === null ? text.noRate : `${bytes(Math.max(bytesPerSecond, 0))}/s`),
    percent(ratio) {
      const held = Math.min(Math.max(ratio, 0), 1)
      const shown = held > 0 && held < 1 ? Math.min(Math.max(held * 100, 0.1), 99.9) : held * 100
      return `${(shown > 0 && (shown < 10 || shown > 99) ? tenths : whole).format(shown)}${gap}%`
    },
    duration,
    range({ low, high }) {
      const unit = unitFor(high)
      const from = inUnit(low, unit)
      const to = inUnit(high, unit)
      return from === to ? duration(high) : `${from} ${text.to} ${to}${gap}${unitWord(unit, to)}`
    },
    span: (from, to) => `${from} ${text.to} ${to}`,
    ago(ageMs) {
      if (ageMs < 1000) return text.now
      const unit = unitFor(ageMs)
      const figure = whole.format(Math.floor(ageMs / unit[1]))
      return text.ago(`${figure}${gap}${unitWord(unit, figure)}`)
    },
    dateTime: (at) => dateTimes.format(at),
    day: (at) => days.format(at),
    clock: (at) => times.format(at),
    exactly: (at) => exact.format(at),
    studyDate(date) {
      const found = date === null ? null : /^(\d{4})(\d{2})(\d{2})$/.exec(date)
      if (found === null) return date === null || date === '' ? text.noDate : date
      const at = Date.UTC(Number(found[1]), Number(found[2]) - 1, Number(found[3]))
      return dates.format(at)
    },
  }
}

export function useFigures(): Figures {
  const language = useLanguage()
  return useMemo(() => figuresFor(language), [language])
}
