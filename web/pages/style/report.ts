/** Rows as cards, each figure below its title. @param of which tables @param below which width of the window */
function stacked(of: string, below: string): string {
  return `@media screen and (max-width: ${below}) {
  ${of} thead {
    display: none;
  }
  ${of} tr {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(8rem, 1fr));
    gap: var(--s1) var(--s4);
    padding: var(--s3) 0;
    border-top: 1px solid var(--line);
  }
  ${of} tr:first-child {
    border-top: 0;
    padding-top: 0;
  }
  ${of} th,
  ${of} td {
    display: block;
    width: auto;
    padding: 0;
    border: 0;
    text-align: left;
    white-space: normal;
  }
  ${of} th,
  ${of} .strip {
    grid-column: 1 / -1;
  }
  ${of} td:empty {
    display: none;
  }
  ${of} td[data-title]::before {
    content: attr(data-title);
    display: block;
    color: var(--soft);
    font-size: var(--small);
    font-weight: 400;
  }
}
`;
}

/** Tables of figures: the month and the vantages. One of many columns is narrower, and needs a wider window. */
export const REPORT_STYLE = `.table {
  width: 100%;
  font-size: var(--note);
}
.table th,
.table td {
  padding: var(--s2);
  border-top: 1px solid var(--line);
  vertical-align: baseline;
}
.table thead th {
  border-top: 0;
  color: var(--soft);
  font-size: var(--small);
  white-space: nowrap;
}
.table tbody th {
  font-weight: 600;
}
.stacked tbody td,
.table tbody th {
  overflow-wrap: anywhere;
}
.table .missed {
  color: var(--down-text);
  font-weight: 600;
}
.table tr > :first-child {
  padding-left: 0;
}
.table tr > :last-child {
  padding-right: 0;
}
.stacked thead th {
  white-space: normal;
  vertical-align: bottom;
}
.stacked th[scope="row"] {
  min-width: 7rem;
}
.stacked .note {
  font-weight: 400;
}
.many {
  font-size: var(--small);
}
.many th,
.many td {
  padding-inline: var(--s1);
}
.many .note {
  white-space: normal;
}
.strip {
  width: 16%;
  min-width: 6rem;
}
.many th[scope="row"],
.many .strip {
  min-width: 5rem;
}
.strip:empty {
  display: none;
}
.strip .days {
  height: 1.25rem;
}
ul.months {
  padding: var(--s2) var(--s5);
}
.months li {
  padding: var(--s2) 0;
}
.months li + li {
  border-top: 1px solid var(--line);
}
.totals {
  display: grid;
  grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr));
  gap: var(--s3);
  margin: 0;
}
.totals .card {
  padding: var(--s3) var(--s4);
}
.totals dt {
  color: var(--soft);
  font-size: var(--small);
}
.totals dd {
  margin: 0;
  font-size: 1.25rem;
  font-weight: 650;
  font-variant-numeric: tabular-nums;
}
main > .links {
  margin-top: var(--s4);
}
.totals .note {
  font-size: var(--small);
  font-weight: 400;
  overflow-wrap: anywhere;
}
.burn-downs {
  display: grid;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr));
  gap: var(--s3);
}
.burn-down {
  margin: 0;
}
.burn-down > svg {
  display: block;
  width: 100%;
  margin-top: var(--s3);
}
.burn-down > svg path {
  fill: none;
}
.burn-down .grid {
  stroke: var(--line);
}
.burn-down .even {
  stroke: var(--control);
  stroke-dasharray: 3 3;
}
.burn-down .left {
  stroke: var(--up);
  stroke-width: 2;
  stroke-linejoin: round;
}
.burn-down .missed {
  stroke: var(--down);
}
.burn-down text {
  fill: var(--soft);
  font-size: 9px;
  text-anchor: end;
}
${stacked('.stacked', '50rem')}${stacked('.many', '75rem')}`;
