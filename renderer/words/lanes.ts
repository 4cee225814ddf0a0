/** Lanes for people: by which way bytes travel. */
import { words, type Words } from '../language.tsx'
import type { Route } from '../../shared/domain/route.ts'

export const laneWords: Words<Readonly<Record<Route, string>>> = words({
  en: { device: 'Device lane', share: 'Share lane', link: 'Link lane' },
  de: { device: 'Geräteweg', share: 'Freigabeweg', link: 'Leitungsweg' },
})

export const laneMeans: Words<Readonly<Record<Route, string>>> = words({
  en: { device: 'AWS Snowball', share: 'Storage Gateway', link: 'straight to S3' },
  de: { device: 'AWS Snowball', share: 'Storage Gateway', link: 'unmittelbar nach S3' },
})
