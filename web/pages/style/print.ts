/** On A4 paper. */
export const PRINT_STYLE = `@media print {
  @page {
    size: A4;
    margin: 14mm 12mm;
  }
  @page report {
    size: A4 landscape;
  }
  .report {
    page: report;
  }
  #stale {
    width: auto;
    margin: 0 0 var(--s4);
  }
  html {
    font-size: 80%;
  }
  body {
    display: block;
    print-color-adjust: exact;
    -webkit-print-color-adjust: exact;
  }
  .top nav,
  .skip,
  .toolbar,
  footer .links {
    display: none;
  }
  .top,
  .card {
    border-color: var(--control);
  }
  main,
  .wide {
    max-width: none;
    padding: 0;
  }
  .row,
  .target,
  .evidence,
  tr,
  .burn-down {
    break-inside: avoid;
  }
  h2,
  h3 {
    break-after: avoid;
  }
  a {
    color: inherit;
    text-decoration: none;
  }
}
`;
