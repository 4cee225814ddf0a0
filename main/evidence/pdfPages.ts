/**
 * Pages of a PDF/A-2a document: headings, paragraphs, tables and bars, each tagged so that a screen reader reads what a person sees (ISO 19005-2, 14289-1).
 * Fonts are embedded: the document looks the same in twenty years.
 */
import { createRequire } from 'node:module'
import PDFDocument from 'pdfkit'

const fontOf = (name: string): string => createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`)
const fonts = { text: 'DejaVuSansCondensed', bold: 'DejaVuSansCondensed-Bold', code: 'DejaVuSansMono' } as const

const margin = 50
/** The width of text on A4, in points. */
export const textWidth = 595.28 - 2 * margin
/** Of a part of a bar, in points. */
const narrowest = 3
export const ink = '#16191f'
const quiet = '#545b64'
const line = '#d5dbdb'

export type PdfColumn = { readonly title: string; readonly width: number | '*'; readonly number?: true }
export type PdfCell = string | { readonly text: string; readonly code?: true; readonly bold?: true }
export type BarPart = { readonly label: string; readonly amount: number; readonly color: string }

type Doc = InstanceType<typeof PDFDocument>

export interface PdfPages {
  heading(level: 1 | 2, text: string): void
  paragraph(text: string, looks?: { readonly quiet?: true; readonly code?: true; readonly size?: number }): void
  /** Words on colour: the one thing that everybody must see. */
  banner(text: string, color: string): void
  /** Name and value, side by side. */
  figures(all: readonly (readonly [string, string])[]): void
  /** `none`: what to say when there are no rows. */
  table(title: string, columns: readonly PdfColumn[], rows: readonly (readonly PdfCell[])[], none: string): void
  /** One bar of parts, with what each is and how much in words below it. */
  bar(title: string, parts: readonly BarPart[], amountText: (amount: number) => string): void
  newPage(): void
  /** @param footer what stands below each page */
  finish(footer: string): Promise<Buffer>
}

export function pdfPages(about: { readonly title: string; readonly subject: string; readonly madeAt: Date }): PdfPages {
  const doc = new PDFDocument({
    size: 'A4',
    margins: { top: margin, bottom: margin + 20, left: margin, right: margin },
    pdfVersion: '1.7',
    subset: 'PDF/A-2a',
    tagged: true,
    lang: 'en-US',
    displayTitle: true,
    bufferPages: true,
    font: fontOf(fonts.text),
    info: {
      Title: about.title,
      Subject: about.subject,
      Creator: 'Firn',
      Producer: 'Firn',
      CreationDate: about.madeAt,
      ModDate: about.madeAt,
    },
  })
  for (const [name, file] of Object.entries(fonts)) doc.registerFont(name, fontOf(file))
  const root = doc.struct('Document')
  doc.addStructure(root)
  const width = doc.page.width - 2 * margin
  const pieces: Buffer[] = []
  doc.on('data', (piece: Buffer) => pieces.push(piece))
  const ended = new Promise<Buffer>((done, failed) => {
    doc.on('end', () => done(Buffer.concat(pieces)))
    doc.on('error', failed)
  })
  const room = (height: number): void => {
    if (doc.y + height > doc.page.maxY()) doc.addPage()
  }
  const tagged = (tag: string, draw: () => void, alt?: string): void => {
    root.add(doc.struct(tag, alt === undefined ? {} : { alt }, draw))
  }
  return {
    heading(level, text) {
      if (level === 2) {
        room(90)
        doc.moveDown(1)
      }
      tagged(`H${level}`, () => {
        doc
          .font('bold')
          .fontSize(level === 1 ? 20 : 13)
          .fillColor(ink)
          .text(text, margin, doc.y, { width })
      })
      doc.moveDown(level === 1 ? 0.2 : 0.4)
    },

    paragraph(text, looks = {}) {
      tagged('P', () => {
        doc
          .font(looks.code === true ? 'code' : 'text')
          .fontSize(looks.size ?? (looks.code === true ? 8 : 9.5))
          .fillColor(looks.quiet === true ? quiet : ink)
          .text(text, margin, doc.y, { width, lineGap: 1.5 })
      })
      doc.moveDown(0.5)
    },

    banner(text, color) {
      const height =
        doc
          .font('bold')
          .fontSize(15)
          .heightOfString(text, { width: width - 28 }) + 20
      room(height)
      const top = doc.y + 4
      artifact(doc, () => void doc.roundedRect(margin, top, width, height, 4).fill(color))
      tagged('P', () => {
        doc
          .font('bold')
          .fontSize(15)
          .fillColor('#ffffff')
          .text(text, margin + 14, top + 10, { width: width - 28 })
      })
      doc.y = top + height + 10
    },

    figures(all) {
      const step = width / all.length
      room(44)
      const top = doc.y
      for (const [at, [name, value]] of all.entries()) {
        tagged('P', () => {
          doc
            .font('text')
            .fontSize(8)
            .fillColor(quiet)
            .text(name, margin + at * step, top, { width: step - 8 })
        })
        tagged('P', () => {
          doc
            .font('bold')
            .fontSize(13)
            .fillColor(ink)
            .text(value, margin + at * step, top + 13, { width: step - 8 })
        })
      }
      doc.y = top + 40
    },

    table(title, columns, rows, none) {
      room(70)
      tagged('P', () => {
        doc.font('bold').fontSize(9.5).fillColor(ink).text(title, margin, doc.y, { width })
      })
      doc.moveDown(0.3)
      if (rows.length === 0) {
        this.paragraph(none, { quiet: true })
        return
      }
      doc.font('text').fontSize(8.5).fillColor(ink)
      doc.x = margin
      // What the table hangs in for a screen reader; its types do not know of it yet.
      const inDocument = { structParent: root }
      const table = doc.table({
        ...inDocument,
        maxWidth: width,
        columnStyles: columns.map((column) => ({ width: column.width, align: { x: column.number === true ? 'right' : 'left', y: 'top' } })),
        defaultStyle: { border: [0, 0, 0.5, 0], borderColor: line, padding: [4, 5, 4, 5], textColor: ink },
      })
      table.row(
        columns.map((column) => ({
          text: column.title,
          type: 'TH',
          scope: 'column',
          font: { src: 'bold' },
          textColor: quiet,
          border: [0, 0, 1, 0],
        })),
      )
      for (const row of rows)
        table.row(
          row.map((cell, at) => {
            const { text, ...looks } = typeof cell === 'string' ? { text: cell } : cell
            const font = 'code' in looks ? { src: 'code', size: 7.5 } : 'bold' in looks ? { src: 'bold' } : undefined
            return { text, ...(at === 0 ? { type: 'TH', scope: 'row' } : {}), ...(font === undefined ? {} : { font }) }
          }),
        )
      table.end()
      doc.font('text').moveDown(1)
    },

    bar(title, parts, amountText) {
      const shown = parts.filter(({ amount }) => amount > 0)
      const whole = shown.reduce((sum, { amount }) => sum + amount, 0)
      if (whole === 0) return
      room(70)
      tagged('P', () => {
        doc.font('bold').fontSize(9.5).fillColor(ink).text(title, margin, doc.y, { width })
      })
      const top = doc.y + 4
      const said = shown.map((part) => `${part.label} ${amountText(part.amount)}`).join(', ')
      tagged(
        'Figure',
        () => {
          let x = margin
          for (const part of shown) {
            // Never narrower than a person can see: one mismatch among millions is what the bar is for.
            const wide = narrowest + (part.amount / whole) * (width - narrowest * shown.length)
            doc.rect(x, top, wide, 14).fill(part.color)
            x += wide
          }
        },
        `${title}: ${said}`,
      )
      doc.y = top + 19
      let x = margin
      for (const part of shown) {
        const text = `${part.label} ${amountText(part.amount)}`
        const wide = doc.font('text').fontSize(8.5).widthOfString(text) + 26
        if (x + wide > margin + width) {
          x = margin
          doc.y += 14
        }
        const [left, y] = [x, doc.y]
        artifact(doc, () => void doc.rect(left, y + 1.5, 8, 8).fill(part.color))
        tagged('P', () => {
          doc.fillColor(ink).text(text, left + 12, y, { lineBreak: false })
        })
        doc.y = y
        x += wide
      }
      doc.y += 20
    },

    newPage: () => void doc.addPage(),

    async finish(footer) {
      const { start, count } = doc.bufferedPageRange()
      for (let page = start; page < start + count; page += 1) {
        doc.switchToPage(page)
        const bottom = doc.page.height - margin
        // What stands below the margin would otherwise begin a page.
        doc.page.margins.bottom = 0
        artifact(doc, () => {
          doc.font('text').fontSize(7.5).fillColor(quiet)
          doc.text(footer, margin, bottom, { width: width - 60, lineBreak: false, ellipsis: true })
          doc.text(`${page + 1} of ${count}`, margin + width - 60, bottom, { width: 60, align: 'right', lineBreak: false })
        })
      }
      root.end()
      doc.end()
      return ended
    },
  }
}

/** Seen and not read out: ground, marks, page numbers. */
function artifact(doc: Doc, draw: () => void): void {
  doc.markContent('Artifact', { type: 'Layout' })
  draw()
  doc.endMarkedContent()
}
