/** HTML text that escapes whatever is put into it. Nothing reaches the report unescaped unless it was made here. */

export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

type Insert = string | number | Html | readonly Html[]

export function html(parts: TemplateStringsArray, ...inserts: readonly Insert[]): Html {
  return new Html(parts.reduce((text, part, at) => text + rendered(inserts[at - 1]) + part))
}

function rendered(insert: Insert | undefined): string {
  if (insert === undefined) return ''
  if (insert instanceof Html) return insert.text
  if (typeof insert === 'string' || typeof insert === 'number') return escape(String(insert))
  return insert.map((one) => one.text).join('')
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (char) => escapes[char] ?? '')
}

export type Column = { readonly title: string; readonly number?: true }

/** A table with a caption; the first cell of each row is its header. `none`: what to say when there is nothing to list. */
export function table(caption: string, columns: readonly Column[], rows: readonly (readonly Insert[])[], none: string): Html {
  if (rows.length === 0) return html`<p class="none">${none}</p>`
  const shape = (at: number): Html => (columns[at]?.number === true ? html` class="number"` : html``)
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map((column, at) => html`<th scope="col" ${shape(at)}>${column.title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell, at) => (at === 0 ? html`<th scope="row">${cell}</th>` : html`<td${shape(at)}>${cell}</td>`))}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}

/** A page that runs no script and loads nothing. @param mark says beside the title that it is of a rehearsal */
export function pageOf(
  title: string,
  mark: boolean,
  style: string,
  parts: { readonly sub: Html; readonly main: readonly Html[]; readonly footer: Html },
): string {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <meta name="referrer" content="no-referrer" />
        <title>${title}</title>
        <style>
          ${new Html(style)}
        </style>
      </head>
      <body>
        <header>
          <h1>${title}${mark ? html` <span class="tag">Rehearsal</span>` : html``}</h1>
          ${parts.sub}
        </header>
        <main>${parts.main}</main>
        <footer>${parts.footer}</footer>
      </body>
    </html> `
  return page.text
}
