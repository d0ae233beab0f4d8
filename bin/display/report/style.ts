/** The CSS of the report page, for screen and paper. */
export const STYLE = `
@page { size: A4 landscape; margin: 14mm }
:root { --up: #3fa66b; --degraded: #e0a526; --down: #c8372d; --unknown: #8d7bb8; --blank: #e6e9ee; --ink: #1b1f24; --soft: #5b6470; --line: #dfe3e8 }
* { box-sizing: border-box; print-color-adjust: exact; -webkit-print-color-adjust: exact }
body { font: 10.5pt/1.45 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; margin: 2.5em auto; padding: 0 2em; max-width: 78em; color: var(--ink) }
header { border-bottom: 3px solid var(--ink); padding-bottom: .6em }
h1 { font-size: 1.9em; font-weight: 650; margin: 0; letter-spacing: -.01em }
header p, .key { color: var(--soft); margin: .3em 0 0 }
h2 { font-size: 1.1em; font-weight: 650; margin: 2em 0 .5em; break-after: avoid }
.totals { display: flex; gap: 1em; margin: 1.4em 0 0 }
.totals div { flex: 1; border: 1px solid var(--line); border-radius: 6px; padding: .7em 1em }
.totals dt { color: var(--soft); font-size: .85em }
.totals dd { margin: .1em 0 0; font-size: 1.45em; font-weight: 650; font-variant-numeric: tabular-nums }
.totals .bad { color: var(--down) }
table { border-collapse: collapse; width: 100% }
tr { break-inside: avoid }
th, td { text-align: left; padding: .42em .6em; border-bottom: 1px solid var(--line); vertical-align: middle; font-variant-numeric: tabular-nums }
thead { display: table-header-group }
thead th { color: var(--soft); font-weight: 600; font-size: .85em; border-bottom: 2px solid var(--line) }
.days th { width: 10em; font-weight: 600 }
.days td:last-child { width: 7em; text-align: right; font-weight: 600; white-space: nowrap }
.days th, .days td { padding: .3em .6em }
.days svg { display: block; width: 100%; height: 1.9em; min-width: 30em }
.figures td:first-child { font-weight: 600 }
.figures th:nth-child(n+2):nth-child(-n+11), .figures td:nth-child(n+2):nth-child(-n+11) { text-align: right; white-space: nowrap }
.figures { font-size: .9em }
tr.missed td:last-child:not(:nth-child(n+4)), .figures tr.missed td:nth-child(2) { color: var(--down); font-weight: 650 }
.outages td:nth-child(-n+3) { white-space: nowrap }
rect.up { fill: var(--up) } rect.degraded { fill: var(--degraded) } rect.down { fill: var(--down) } rect.unknown { fill: var(--unknown) } rect.blank { fill: var(--blank) }
.key { font-size: .85em } .key span { margin-right: 1.6em }
.key span::before { content: ""; display: inline-block; width: .8em; height: .8em; margin-right: .45em; border-radius: 2px; vertical-align: -.05em; background: var(--up) }
.key .degraded::before { background: var(--degraded) } .key .down::before { background: var(--down) } .key .unknown::before { background: var(--unknown) } .key .blank::before { background: var(--blank) }
@media print { body { margin: 0; padding: 0; max-width: none; font-size: 9pt } }
`;
